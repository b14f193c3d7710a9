using System.Collections.Concurrent;
using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Anthropic;

/// <summary>Which marked prompts a model has seen lately: the first request writes, later ones read.</summary>
internal sealed class PromptCache(TimeProvider time)
{
    private const int ShortestPrompt = 1024;
    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<(string Model, ulong Hash), DateTimeOffset> _until = [];

    /// <summary>The answer with the tokens that were read from the cache, or written to it.</summary>
    public Answer Apply(Answer answer, string model, CacheMark? mark)
    {
        if (mark is null || mark.Tokens < ShortestPrompt || answer.CachedTokens > 0)
            return answer;
        var now = time.GetUtcNow();
        if (_until.Count > Capacity)
            _until.Clear();
        var known = _until.TryGetValue((model, mark.Hash), out var until) && until > now;
        // Every use keeps it for another lifetime.
        _until[(model, mark.Hash)] = now + mark.Lifetime;
        return known ? answer with { CachedTokens = mark.Tokens } : answer with { CacheWriteTokens = mark.Tokens, LongCacheWrite = mark.Lifetime > TimeSpan.FromMinutes(5) };
    }
}
