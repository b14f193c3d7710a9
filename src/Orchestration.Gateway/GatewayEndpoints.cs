using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Collections;
using Orchestration.Gateway.Embeddings;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Feedback;
using Orchestration.Gateway.Grpc;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Idempotency;
using Orchestration.Gateway.Messages;
using Orchestration.Gateway.Models;
using Orchestration.Gateway.Requests;
using Orchestration.Gateway.Rerank;
using Orchestration.Gateway.Responses;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Gateway;

/// <summary>Every endpoint with the listener that it belongs to.</summary>
internal static class GatewayEndpoints
{
    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseRequestIdentity();
        app.UseEmptyAnswerBodies();
        app.UseMiddleware<UnhandledErrors>();
        app.UseMiddleware<RequestFraming>();
        app.UseTrustedProxies();
        app.UseRouting();
        app.UseGrpcWeb();
        app.UseStopRefusal();
        app.UseClientKeys();
        app.UseMiddleware<IdempotentRequests>();
        app.UseMiddleware<UnknownMembers>();
        app.MapPublic();
        app.MapClientGrpc();
        app.MapAdminGrpc();
        return app;
    }

    private static void MapPublic(this WebApplication app)
    {
        var services = app.Services;
        var clients = app.MapGroup("").RequireListener(ListenerNames.Http).RequireClientKey().AllowIdempotencyKeys();
        var chat = services.GetRequiredService<ChatEndpoint>();
        clients.MapPost("/v1/chat/completions", chat.For(ChatCompletionsProtocol.Instance)).RequireScope(KeyScopes.Chat);
        clients.MapPost("/chat/completions", chat.For(ChatCompletionsProtocol.Instance)).RequireScope(KeyScopes.Chat);
        clients.MapPost("/v1/messages", chat.For(MessagesProtocol.Instance)).RequireScope(KeyScopes.Chat);
        clients.MapPost("/v1/messages/count_tokens", services.GetRequiredService<CountTokensEndpoint>().HandleAsync).RequireScope(KeyScopes.Chat);
        clients.MapPost("/v1/responses", chat.For(ResponsesProtocol.Instance)).RequireScope(KeyScopes.Chat);
        clients.MapPost("/responses", chat.For(ResponsesProtocol.Instance)).RequireScope(KeyScopes.Chat);
        var embeddings = services.GetRequiredService<EmbeddingsEndpoint>();
        clients.MapPost("/v1/embeddings", embeddings.HandleAsync).RequireScope(KeyScopes.Embeddings);
        clients.MapPost("/embeddings", embeddings.HandleAsync).RequireScope(KeyScopes.Embeddings);
        var rerank = services.GetRequiredService<RerankEndpoint>();
        clients.MapPost("/v1/rerank", rerank.HandleAsync).RequireScope(KeyScopes.Rerank);
        clients.MapPost("/rerank", rerank.HandleAsync).RequireScope(KeyScopes.Rerank);
        var models = services.GetRequiredService<ModelsEndpoint>();
        clients.MapGet("/v1/models", models.ListAsync).AllowEveryScope();
        clients.MapGet("/v1/models/{*id}", models.GetAsync).AllowEveryScope();
        clients.MapGet("/v1/requests/{id}", services.GetRequiredService<RequestsEndpoint>().GetAsync).AllowEveryScope();
        clients.MapPost("/v1/feedback", services.GetRequiredService<FeedbackEndpoint>().HandleAsync).AllowEveryScope();
        var collections = services.GetRequiredService<CollectionsEndpoint>();
        clients.MapPost("/v1/collections/{name}/ingestion-tokens", collections.IssueTokenAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapGet("/v1/collections", collections.ListAsync).AllowEveryScope();
        clients.MapPut("/v1/collections/{name}", collections.CreateAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapGet("/v1/collections/{name}", collections.GetAsync).RequireScope(KeyScopes.Read + "{name}");
        clients.MapDelete("/v1/collections/{name}", collections.DeleteAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapDocuments(services.GetRequiredService<DocumentsEndpoint>());
        clients.MapPost("/v1/collections/{name}/search", collections.SearchAsync).RequireScope(KeyScopes.Read + "{name}");
        clients.MapPost("/v1/collections/{name}/answer", chat.ForCollection("name")).RequireScope(KeyScopes.Chat);
    }

    private static void MapDocuments(this IEndpointRouteBuilder clients, DocumentsEndpoint documents)
    {
        const string Documents = "/v1/collections/{name}/documents";
        clients.MapPost(Documents, documents.SubmitAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapGet(Documents, documents.ListAsync).RequireScope(KeyScopes.Read + "{name}");
        clients.MapGet(Documents + "/{*id}", documents.GetAsync).RequireScope(KeyScopes.Read + "{name}");
        clients.MapDelete(Documents + "/{*id}", documents.DeleteAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapPost(Documents + "/{id}/cancel", documents.CancelAsync).RequireScope(KeyScopes.Write + "{name}");
        clients.MapPost(Documents + "/{id}/retry", documents.RetryAsync).RequireScope(KeyScopes.Write + "{name}");
    }
}
