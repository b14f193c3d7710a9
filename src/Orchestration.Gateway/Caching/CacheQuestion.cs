using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Caching;

/// <summary>A request as the cache looks at it.</summary>
internal sealed record CacheQuestion(ChatRequest Request, CacheDirectives Directives);
