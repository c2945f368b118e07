#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {
namespace {

std::vector<http::FieldProblem> read_review(const nlohmann::json& body, SignOff& review) {
    std::vector<http::FieldProblem> problems;
    review.obligation = body["obligation_id"];
    review.period = {time_of(body["from"]), time_of(body["to"])};
    if (review.period.from_ns >= review.period.to_ns)
        problems.push_back({"/to", "field.before_start", {}});
    review.digest = body["digest"];
    review.comment = body.value("comment", "");
    review.checklist = body["checklist"].get<std::vector<std::string>>();
    const Result<std::uint64_t> size = seq_of(body["tree_size"].get_ref<const std::string&>());
    if (size) review.tree_size = *size;
    if (!size) problems.push_back({"/tree_size", "field.format", {}});
    for (const nlohmann::json& item : body["findings"]) {
        Finding finding{item["text"], {}};
        for (const nlohmann::json& text : item.value("seqs", nlohmann::json::array())) {
            const Result<std::uint64_t> seq = seq_of(text.get_ref<const std::string&>());
            if (seq) finding.seqs.push_back(*seq);
            if (!seq) problems.push_back({"/findings", "field.format", {}});
        }
        review.findings.push_back(std::move(finding));
    }
    // The conclusion says once more what the list says: a sign-off with a forgotten list must not
    // pass.
    const bool says_found = body["conclusion"] == "findings";
    if (says_found == review.findings.empty())
        problems.push_back({"/conclusion", "review.conclusion_mismatch", {}});
    return problems;
}

}  // namespace

Handler complete_review(DutyService* duties) {
    const Route route{.operation = "completeReview",
                      .method = http::Method::post,
                      .pattern = "/api/v1/reviews",
                      .permission = access::Permission::log_review,
                      .csrf = Csrf::token};
    return over(duties, route,
                [](DutyService& service, const Call& call) -> Result<http::Response> {
                    SignOff review;
                    std::vector<http::FieldProblem> problems = read_review(call.body, review);
                    if (!problems.empty()) return invalid_fields(std::move(problems));
                    const Result<nlohmann::json> view = service.complete(call.caller, review);
                    if (!view) return fail(view.error());
                    return json_reply(*view, 201);
                });
}

}  // namespace daicho::app::api
