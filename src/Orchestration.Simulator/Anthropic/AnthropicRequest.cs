using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Anthropic;

/// <summary>A Messages request.</summary>
/// <param name="Chat">What all dialects have.</param>
/// <param name="ShowsThinking">False when only the signature of the thinking is wanted.</param>
/// <param name="Cached">What cache_control marks; null without a mark.</param>
internal sealed record AnthropicRequest(ChatRequest Chat, bool ShowsThinking, CacheMark? Cached);

/// <summary>The part of a prompt in front of its last cache mark.</summary>
/// <param name="Hash">A hash of that part.</param>
/// <param name="Tokens">Its length.</param>
/// <param name="Lifetime">How long the cache keeps it.</param>
internal sealed record CacheMark(ulong Hash, int Tokens, TimeSpan Lifetime);
