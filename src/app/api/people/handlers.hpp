#pragma once
// Accounts and delegations. access::People and access::Delegations check the permission once more
// themselves.
#include "access/room.hpp"
#include "app/api/handler.hpp"

namespace daicho::app::api {

[[nodiscard]] Handler list_people(access::Room& access);
[[nodiscard]] Handler create_person(access::Room& access);
[[nodiscard]] Handler patch_person(access::Room& access);
[[nodiscard]] Handler reissue_password(access::Room& access);
[[nodiscard]] Handler unlock_person(access::Room& access);

[[nodiscard]] Handler list_delegations(access::Room& access, store::Database& database,
                                       const Clock& clock);
[[nodiscard]] Handler grant_delegation(access::Room& access, store::Database& database,
                                       const Clock& clock);
[[nodiscard]] Handler revoke_delegation(access::Room& access);

}  // namespace daicho::app::api
