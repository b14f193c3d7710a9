using Microsoft.OpenApi;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults;

namespace Orchestration.Gateway.Admin.Reference;

/// <summary><c>GET /admin/v1/openapi.json</c>, for every operator. Strangers learn nothing of the methods.</summary>
internal sealed class ApiReferenceEndpoint(ApiReference reference, OperatorAuthenticator authenticator, ServiceInfo service)
{
    private byte[]? _document;

    public async Task GetAsync(HttpContext context)
    {
        if (await authenticator.AdmitAsync(context.Request, context.RequestAborted) is OperatorAdmission.Refused refused)
        {
            await context.WriteFailureAsync(refused.Failure);
            return;
        }

        // The endpoints do not change any more: made twice at the same time, it is the same.
        _document ??= await WriteAsync(context.RequestAborted);
        await context.Response.WriteJsonAsync(_document, context.RequestAborted);
    }

    private async Task<byte[]> WriteAsync(CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        await reference.Make(service.Version).SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        return stream.ToArray();
    }
}
