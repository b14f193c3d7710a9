using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Identity;

namespace Orchestration.ServiceDefaults.Tests.Grpc;

/// <summary>A service of all kinds of calls that does what the test says.</summary>
internal class ProbeService(Func<ServerCallContext, Task> act) : ProvidersService.ProvidersServiceBase
{
    public override async Task<EmbeddingsResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        await act(context);
        return new EmbeddingsResponse();
    }

    public override async Task WatchVendors(
        WatchVendorsRequest request, IServerStreamWriter<VendorsUpdate> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new VendorsUpdate(), context.CancellationToken);
        await act(context);
    }

    public override async Task Execute(
        IAsyncStreamReader<ExecuteRequest> requestStream, IServerStreamWriter<ChatEvent> responseStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        await act(context);
    }
}

[AllowAnonymousCaller]
internal sealed class OpenProbeService(Func<ServerCallContext, Task> act) : ProbeService(act);
