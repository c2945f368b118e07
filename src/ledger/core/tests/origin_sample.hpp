#pragma once
// A ledger's identity with its keys, as tests make one: fixed seeds, so that runs are alike.
#include <optional>

#include "ledger/core/origin.hpp"
#include "ledger/core/tests/sample.hpp"
#include "ledger/core/tlog/checkpoint.hpp"

namespace daicho::ledger::core::sample {

struct Identity {
    std::string name = "daicho.local/test";
    crypto::SigningKey log = *crypto::SigningKey::from_seed(Bytes(32, 1));
    crypto::SigningKey day = *crypto::SigningKey::from_seed(Bytes(32, 2));
    crypto::SigningKey next_day = *crypto::SigningKey::from_seed(Bytes(32, 3));

    [[nodiscard]] VerifierKey log_key() const {
        return *VerifierKey::make(log_key_name(name), log.public_key());
    }
    [[nodiscard]] VerifierKey day_key() const { return *VerifierKey::make(name, day.public_key()); }
    [[nodiscard]] VerifierKey next_day_key() const {
        return *VerifierKey::make(name, next_day.public_key());
    }
    [[nodiscard]] static std::string signed_by(const std::string& text, const std::string& who,
                                               const crypto::SigningKey& key) {
        Result<KeySigner> signer = KeySigner::make(who, key);
        NoteSigner* one = &*signer;
        return *sign_note(text, std::span<NoteSigner* const>(&one, 1));
    }
    [[nodiscard]] std::string note() const {
        return signed_by(origin_text(name, "2026-11-22T00:00:00Z", log_key()), log_key_name(name),
                         log);
    }
    [[nodiscard]] Origin origin() const { return *open_origin(note()); }
    [[nodiscard]] Bytes signature(const crypto::SigningKey& key, const std::string& text) const {
        const crypto::Signature made = key.sign(view_of(text));
        return {made.bytes.begin(), made.bytes.end()};
    }
    [[nodiscard]] DayCertificate certificate() const {
        const std::string vkey = day_key().format();
        return {"2026-11-22", vkey, signature(log, certificate_text("2026-11-22", vkey))};
    }
    [[nodiscard]] std::string checkpoint(const TreeHead& head) const {
        return signed_by(*format_checkpoint({name, head, {}}), name, day);
    }
};

}  // namespace daicho::ledger::core::sample
