using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Gateway.Capture;

namespace Orchestration.Gateway.Admin;

internal sealed class PayloadAdmin(PayloadBook book) : PayloadAdminService.PayloadAdminServiceBase
{
    public override Task<CapturedPayload> OpenPayload(OpenPayloadRequest request, ServerCallContext context) =>
        book.OpenAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();

    public override Task<DeletePayloadsResponse> DeletePayloads(DeletePayloadsRequest request, ServerCallContext context) =>
        book.DeleteAsync(request, AdminCall.Of(context), context.CancellationToken).OrThrowAsync();
}
