using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Caching;

/// <summary>A request as the caches look at it.</summary>
/// <param name="RequestId">UUIDv7 of the request.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Directives">What the client wishes.</param>
/// <param name="Embedder">Makes vectors of models.</param>
internal sealed record CacheQuestion(Guid RequestId, ChatRequest Request, CacheDirectives Directives, LookupEmbedder Embedder);
