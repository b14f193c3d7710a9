using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Messages;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>One endpoint of the public ports, and a request that it serves to who may send it.</summary>
/// <param name="Method">Method of HTTP, or <see cref="Grpc"/>.</param>
/// <param name="Route">The pattern under which it is mapped.</param>
internal sealed record PolicyRow(string Method, string Route)
{
    public const string Grpc = "gRPC";
    private const string Service = "/orchestration.gateway.v1.";

    /// <summary>Every endpoint there is.</summary>
    public static readonly IReadOnlyList<PolicyRow> All =
    [
        Open("/alive"), Open("/health"),
        Post("/v1/chat/completions", "chat", Chat.Body()),
        Post("/chat/completions", "chat", Chat.Body()),
        Post("/v1/messages", "chat", MessagesCall.Body()),
        Post("/v1/messages/count_tokens", "chat", MessagesCall.Body()),
        Post("/v1/responses", "chat", new { model = "test:chat", input = "Hi" }),
        Post("/responses", "chat", new { model = "test:chat", input = "Hi" }),
        Post("/v1/embeddings", "embeddings", new { model = "embedding", input = "Hi" }),
        Post("/embeddings", "embeddings", new { model = "embedding", input = "Hi" }),
        Post("/v1/rerank", "rerank", new { model = "rerank", query = "q", documents = new[] { "a" } }),
        Post("/rerank", "rerank", new { model = "rerank", query = "q", documents = new[] { "a" } }),
        Get("/v1/models", scope: null),
        Get("/v1/models/{*id}", scope: null) with { Path = "/v1/models/test%2Fchat" },
        Get("/v1/requests/{id}", scope: null) with { Path = "/v1/requests/{request}", IsOwned = true },
        new("POST", "/v1/feedback") { Body = accounts => JsonSerializer.SerializeToUtf8Bytes(new { request_id = accounts.RequestId, rating = 1 }), IsOwned = true },
        Post("/v1/collections/{name}/ingestion-tokens", "rag.write:docs", null),
        Post("/v1/collections/{name}/documents", "rag.write:docs", new { id = "a", text = "Text" }) with { ServedStatus = 202 },
        Get("/v1/collections/{name}/documents/{*id}", "rag.read:docs") with { Path = "/v1/collections/docs/documents/{document}", IsOwned = true },
        Get("/v1/collections", scope: null),
        new("PUT", "/v1/collections/{name}") { Scope = "rag.write:docs", Body = _ => "{}"u8.ToArray() },
        Get("/v1/collections/{name}", "rag.read:docs"),
        new("DELETE", "/v1/collections/{name}") { Scope = "rag.write:docs" },
        Get("/v1/collections/{name}/documents", "rag.read:docs"),
        new("DELETE", "/v1/collections/{name}/documents/{*id}") { Scope = "rag.write:docs", Path = "/v1/collections/docs/documents/a" },
        Post("/v1/collections/{name}/documents/{id}/cancel", "rag.write:docs", null) with { Path = "/v1/collections/docs/documents/a/cancel" },
        Post("/v1/collections/{name}/documents/{id}/retry", "rag.write:docs", null) with { Path = "/v1/collections/docs/documents/a/retry" },
        Post("/v1/collections/{name}/search", "rag.read:docs", new { query = "q" }),
        Post("/v1/collections/{name}/answer", "chat", new { question = "q", model = "test:chat" }),
        Call("ChatService/Complete", "chat", _ => Question()),
        Call("ChatService/Stream", "chat", _ => Question()),
        Call("EmbeddingsService/Embed", "embeddings", _ => new EmbeddingsRequest { Model = "embedding", Inputs = { "Hi" } }),
        Call("RerankService/Rerank", "rerank", _ => new RerankRequest { Model = "rerank", Query = "q", Documents = { "a" } }),
        Call("ModelsService/ListModels", null, _ => new ListModelsRequest()),
        Call("RequestsService/GetRequest", null, accounts => new GetRequestRequest { RequestId = accounts.RequestId }) with { IsOwned = true },
    ];

    /// <summary>The scope that it takes; null when every active key may use it.</summary>
    public string? Scope { get; private init; }

    /// <summary>True when it serves who shows nothing, too.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>True when it shows something that belongs to one tenant.</summary>
    public bool IsOwned { get; private init; }

    public bool IsGrpc => Method == Grpc;

    /// <summary>True when its errors have Anthropic's form, which has no code.</summary>
    public bool IsAnthropic => Route.StartsWith("/v1/messages", StringComparison.Ordinal);

    public int ServedStatus { get; private init; } = 200;

    private string Path { get; init; } = Route.Replace("{name}", "docs", StringComparison.Ordinal);

    private Func<PolicyAccounts, byte[]> Body { get; init; } = _ => [];

    public static PolicyRow Find(string name) => All.Single(row => row.ToString() == name);

    public string PathFor(PolicyAccounts accounts) =>
        Path.Replace("{request}", accounts.RequestId, StringComparison.Ordinal).Replace("{document}", PolicyAccounts.Document, StringComparison.Ordinal);

    public byte[] BodyFor(PolicyAccounts accounts) => Body(accounts);

    public override string ToString() => $"{Method} {Route}";

    private static PolicyRow Open(string route) => new("GET", route) { IsOpen = true };

    private static PolicyRow Get(string route, string? scope) => new("GET", route) { Scope = scope };

    private static PolicyRow Post(string route, string scope, object? body) =>
        new("POST", route) { Scope = scope, Body = _ => body is null ? [] : Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)) };

    private static PolicyRow Call(string method, string? scope, Func<PolicyAccounts, IMessage> request) =>
        new(Grpc, Service + method) { Scope = scope, Body = accounts => request(accounts).ToByteArray() };

    private static ChatRequest Question() =>
        new() { Model = "test:chat", Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "Hi" } } } } } };
}
