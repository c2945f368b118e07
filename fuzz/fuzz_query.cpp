// links: ledger ledger_core
// Search text and address ranges as people type them, and the promise that joins filters and
// matches: an event that matches a term has all the term's tokens. The first line is the text, the
// rest the event.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/fault.hpp"
#include "ledger/search/index/tokens.hpp"
#include "ledger/search/matcher.hpp"
#include "ledger/search/query.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daicho;
    using namespace daicho::ledger::search;
    const std::string_view all = text_of({data, size});
    const std::size_t line = std::min(all.find('\n'), all.size());
    const std::string_view text = all.substr(0, line);
    const ByteView event = view_of(all).subspan(std::min(line + 1, all.size()));

    if (const auto range = parse_address_range(text)) {
        check(range->contains(range->address), "a range holds its own address");
    }
    if (const auto address = parse_address(text)) {
        check(parse_address(print_address(*address)) == *address,
              "an address prints as it is read");
    }
    const auto terms = parse_text(text);
    if (!terms) return 0;
    check(terms->size() <= query_terms_max, "the limit on words holds");
    TokenSet tokens;
    tokens.add(event);
    for (const Term& term : *terms) {
        check(!term.bytes.empty(), "no word is empty");
        for (const bool ignore_case : {false, true}) {
            const TermMatcher matcher(term, ignore_case);
            if (!matcher.found_in(event)) continue;
            for (const TokenHash token : matcher.tokens()) {
                const auto known = tokens.hashes();
                check(std::find(known.begin(), known.end(), token) != known.end(),
                      "an event has the tokens of the terms it matches");
            }
        }
    }
    return 0;
}
