#include "app/api/logs/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {
namespace {

using ledger::search::Query;

/// What the description alone can't judge: ranges, addresses, quotes, cursors.
std::vector<http::FieldProblem> read_query(const nlohmann::json& body, Query& query) {
    std::vector<http::FieldProblem> problems;
    query.time_from_ns = time_of(body["from"]);
    query.time_to_ns = time_of(body["to"]);
    if (*query.time_from_ns >= *query.time_to_ns)
        problems.push_back({"/to", "field.before_start", {}});
    query.source = body.value("source_id", "");
    query.host = body.value("host", "");
    query.app = body.value("app", "");
    query.user = body.value("user", "");
    query.limit = body.value("limit", query.limit);
    query.ignore_case = true;
    if (body.contains("outcome")) {
        const std::string outcome = body["outcome"];
        query.outcome = outcome == "success"   ? ledger::search::Outcome::success
                        : outcome == "failure" ? ledger::search::Outcome::failure
                                               : ledger::search::Outcome::unknown;
    }
    if (body.contains("address")) {
        const auto range =
            ledger::search::parse_address_range(body["address"].get_ref<const std::string&>());
        if (range) query.address = *range;
        if (!range) problems.push_back({"/address", "field.address", {}});
    }
    if (body.contains("text")) {
        Result<std::vector<ledger::search::Term>> terms =
            ledger::search::parse_text(body["text"].get_ref<const std::string&>());
        if (terms) query.terms = std::move(*terms);
        if (!terms) problems.push_back({"/text", "field.search_text", {}});
    }
    if (body.contains("cursor")) {
        const Result<std::uint64_t> after = seq_of(body["cursor"].get_ref<const std::string&>());
        if (after) query.after = *after;
        if (!after) problems.push_back({"/cursor", "field.format", {}});
    }
    return problems;
}

}  // namespace

Handler search_events(EventService* events) {
    const Route route{.operation = "searchEvents",
                      .method = http::Method::post,
                      .pattern = "/api/v1/events/search",
                      .permission = access::Permission::log_read,
                      .csrf = Csrf::token};
    return over(events, route,
                [](EventService& service, const Call& call) -> Result<http::Response> {
                    ledger::search::Query query;
                    std::vector<http::FieldProblem> problems = read_query(call.body, query);
                    if (!problems.empty()) return invalid_fields(std::move(problems));
                    const Result<nlohmann::json> view = service.search(call.caller, query);
                    if (!view) return fail(view.error());
                    return json_reply(*view);
                });
}

}  // namespace daicho::app::api
