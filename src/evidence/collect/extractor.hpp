#pragma once
// From the bytes of one event to the fields it is searched by. Runs for every event when a segment
// is sealed, so it never allocates and calls only what the program's name points to.
#include <memory>

#include "evidence/collect/parse/header.hpp"
#include "evidence/collect/parse/scratch.hpp"
#include "ledger/search/fields.hpp"

namespace daicho::evidence::collect {

/// One per thread (it holds the room that decoded values lie in).
class FieldExtractor final : public ledger::search::Extractor {
public:
    /// `zone` gives meaning to times without one (RFC 3164, Apache, PostgreSQL): the organisation's
    /// zone.
    explicit FieldExtractor(parse::ZoneRule zone);
    void extract(ByteView raw, WallNs received_ns, ledger::search::Fields& out) override;

private:
    void from_message(std::string_view message_id, ledger::search::Fields& out);
    void from_bare_line(std::string_view line, ledger::search::Fields& out);
    void from_any_text(ledger::search::Fields& out);

    parse::ZoneCache zone_;
    parse::SdParams params_;
    parse::Scratch scratch_;
};

}  // namespace daicho::evidence::collect
