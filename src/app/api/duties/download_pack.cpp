#include "app/api/duties/handlers.hpp"
#include "app/api/reply.hpp"

namespace daicho::app::api {

Handler download_pack(PackService* packs) {
    const Route route{.operation = "downloadPack",
                      .pattern = "/api/v1/packs/{pack_id}/download",
                      .permission = access::Permission::pack_create};
    return over(packs, route, [](PackService& service, const Call& call) -> Result<http::Response> {
        Result<PackFile> file = service.open(call.caller, call.param("pack_id"));
        if (!file) return fail(file.error());
        http::Response response;
        response.set("Content-Type", "application/zip");
        response.set("Content-Disposition", "attachment; filename=\"" + file->file_name + "\"");
        response.source = std::move(file->source);
        response.source_size = file->size;
        return response;
    });
}

}  // namespace daicho::app::api
