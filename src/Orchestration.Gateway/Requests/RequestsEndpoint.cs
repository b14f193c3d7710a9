using System.Text.Json;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Requests;

/// <summary><c>GET /v1/requests/{id}</c>: the receipt.</summary>
internal sealed class RequestsEndpoint(Receipts receipts)
{
    public async Task GetAsync(HttpContext context)
    {
        var id = context.GetRouteValue("id") as string ?? "";
        switch (await receipts.GetAsync(context.GetCaller().TenantId, id, context.RequestAborted))
        {
            case ReceiptOutcome.Found found:
                using (var buffer = new PooledBuffer())
                {
                    using (var writer = new Utf8JsonWriter(buffer))
                        ReceiptWriter.Write(writer, found.Record);
                    await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
                }

                break;
            case ReceiptOutcome.Refused refused:
                await context.WriteFailureAsync(refused.Failure);
                break;
        }
    }
}
