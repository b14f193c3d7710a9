using Google.Protobuf;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Caching.Semantic;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Caching;

/// <summary>The caches in the order in which they are asked: for an equal request first, then for another wording.</summary>
internal sealed class AnswerCaches(ExactCache exact, SemanticCache semantic, RunningRequests running, IOptions<CacheOptions> options, TimeProvider timeProvider)
{
    /// <summary>Looks whether a request was answered before. Who gets a miss ends it, with an answer or without.</summary>
    public async ValueTask<CacheUse> LookAsync(CacheQuestion question, Caller caller, CompiledRoute route, RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        var use = await exact.LookAsync(question, caller, route, snapshot, cancellationToken);
        if (use is CacheUse.Hit)
            return use;
        var isAsked = false;
        try
        {
            var finding = question is ChatQuestion chat ? await semantic.LookAsync(chat, caller, route, snapshot, cancellationToken) : null;
            if (finding?.Answer is { } answer)
            {
                running.Track(semantic.RememberAsync(finding.Look));
                return new CacheUse.Hit(answer, answer.AgeAt(timeProvider.GetUtcNow())) { Similarity = finding.Look.Candidate!.Similarity };
            }

            isAsked = true;
            return finding is null ? use : MissOf(use, finding.Look, CacheUse.RulesFor(caller, route)!.ToolCalls);
        }
        finally
        {
            if (!isAsked)
                exact.End(use);
        }
    }

    /// <summary>Collects the answer of a miss; null for anything else.</summary>
    public AnswerCollector? Collect(CacheUse use) => use is CacheUse.Miss miss ? new AnswerCollector(miss, options.Value.MaxEntryBytes) : null;

    /// <summary>The request of a miss was answered; what may be given again is kept.</summary>
    public async Task KeepAsync(AnswerCollector collected, Summary? summary)
    {
        if (collected.Result(summary, timeProvider.GetUtcNow()) is not { } answer)
            return;
        if (collected.Miss.Semantic is { } look)
            running.Track(semantic.KeepAsync(look, answer));
        if (collected.Miss.IsExact)
            await exact.KeepAsync(collected.Miss, answer);
    }

    /// <summary>The request of a miss was answered as a whole.</summary>
    /// <param name="use">How the cache takes part.</param>
    /// <param name="started">Who answered.</param>
    /// <param name="summary">What it cost.</param>
    /// <param name="body">The answer without both.</param>
    public Task KeepAsync(CacheUse use, ResponseStarted started, Summary summary, IMessage body) => use is CacheUse.Miss { IsExact: true } miss
        ? exact.KeepAsync(miss, CachedAnswer.Whole(timeProvider.GetUtcNow(), started, summary, body))
        : Task.CompletedTask;

    /// <summary>Nothing more comes of a miss; whoever waits for it goes on.</summary>
    public void End(CacheUse use) => exact.End(use);

    private static CacheUse.Miss MissOf(CacheUse use, SemanticLook look, bool toolCalls) =>
        (use as CacheUse.Miss ?? new CacheUse.Miss("", look.Partition.TenantId, TimeSpan.Zero, toolCalls, Choices: 1)) with { Semantic = look };
}
