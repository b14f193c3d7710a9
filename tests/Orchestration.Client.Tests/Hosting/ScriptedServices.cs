using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Contracts.Rerank.V1;
using GetRequestRequest = Orchestration.Contracts.Gateway.V1.GetRequestRequest;

namespace Orchestration.Client.Tests.Hosting;

internal sealed class ScriptedChat(GatewayScript script) : ChatService.ChatServiceBase
{
    public override Task<ChatCompletion> Complete(ChatRequest request, ServerCallContext context)
    {
        script.Saw(context);
        script.ChatRequests.Enqueue(request);
        return script.Complete(request, context);
    }

    public override Task Stream(ChatRequest request, IServerStreamWriter<ChatEvent> responseStream, ServerCallContext context)
    {
        script.Saw(context);
        script.ChatRequests.Enqueue(request);
        return script.Stream(request, responseStream, context);
    }
}

internal sealed class ScriptedEmbeddings(GatewayScript script) : EmbeddingsService.EmbeddingsServiceBase
{
    public override Task<EmbeddingsResponse> Embed(EmbeddingsRequest request, ServerCallContext context)
    {
        script.Saw(context);
        script.EmbeddingsRequests.Enqueue(request);
        return script.Embed(request, context);
    }
}

internal sealed class ScriptedRerank(GatewayScript script) : RerankService.RerankServiceBase
{
    public override Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context)
    {
        script.Saw(context);
        script.RerankRequests.Enqueue(request);
        return script.Rerank(request, context);
    }
}

internal sealed class ScriptedModels(GatewayScript script) : ModelsService.ModelsServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        script.Saw(context);
        return Task.FromResult(new ListModelsResponse { Models = { new Model { Id = "auto", OwnedBy = "orchestration", Mode = "chat" } } });
    }
}

internal sealed class ScriptedRequests(GatewayScript script) : RequestsService.RequestsServiceBase
{
    public override Task<RequestRecord> GetRequest(GetRequestRequest request, ServerCallContext context)
    {
        script.Saw(context);
        return Task.FromResult(new RequestRecord { RequestId = request.RequestId });
    }
}
