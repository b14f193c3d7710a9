using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>
/// Gives answers again for other wordings of their questions, where the partition's own evidence says that the route's budget of false hits
/// holds; until then it only compares. Whatever is away or slow, the request goes past it.
/// </summary>
internal sealed partial class SemanticCache(
    SemanticStore store, EvidenceBook book, AnswerSeal seal, IOptions<CacheOptions> options, TimeProvider timeProvider, ILogger<SemanticCache> logger)
{
    private readonly FailurePause _pause = new(options.Value.FailuresBeforePause, options.Value.Pause, timeProvider);

    /// <summary>Looks for an answer; null when the cache takes no part.</summary>
    public async ValueTask<SemanticFinding?> LookAsync(ChatQuestion question, Caller caller, CompiledRoute route, RoutingSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (question.Directives.NoStore || _pause.IsOn || CacheUse.RulesFor(caller, route)?.Semantic is not { Mode: not SemanticMode.Unspecified } rules
            || (question.Request.HasChoiceCount && question.Request.ChoiceCount > 1)
            || SemanticPartition.Of(seal, caller, route.Route.Name, route.Route.CacheEpoch, EmbedderOf(rules, snapshot), question.Request) is not { } place
            || QuestionText.Read(place.Text) is not { } asked)
            return null;
        try
        {
            var finding = await FindAsync(question, caller, route, snapshot, new SemanticLook(question.RequestId, place.Partition, rules, asked, []), cancellationToken)
                .WaitAsync(rules.Deadline.ToTimeSpan(), timeProvider, cancellationToken);
            _pause.Succeeded();
            return finding;
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            _pause.Failed();
            Log.Passed(logger, exception.GetType().Name);
            return null;
        }
    }

    /// <summary>The model answered: what stood in shadow is compared with it, and it may be given again.</summary>
    public async Task KeepAsync(SemanticLook look, CachedAnswer answer)
    {
        var gist = new AnswerGist(TextOf(answer));
        try
        {
            var agreed = look.Candidate is { } candidate && gist.Text.Length > 0 && candidate.Entry.Answer.AgreesWith(gist);
            if (look is { IsShadow: true, Candidate: { } compared } && gist.Text.Length > 0)
                await store.RecordAsync(look, compared, agreed, CancellationToken.None);
            var isKnown = agreed && look.Candidate!.Entry.Question.Text == look.Asked.Text;
            if (!isKnown && answer.Events.Sum(chatEvent => chatEvent.CalculateSize()) <= options.Value.MaxSemanticEntryBytes)
                await store.KeepAsync(look, answer, gist.Text, CancellationToken.None);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            Log.NotKept(logger, exception.GetType().Name);
        }
    }

    /// <summary>Remembers what was given again, so that somebody may say whether it was right.</summary>
    public async Task RememberAsync(SemanticLook look)
    {
        try
        {
            await store.RecordAsync(look, look.Candidate!, null, CancellationToken.None);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            Log.NotKept(logger, exception.GetType().Name);
        }
    }

    private async Task<SemanticFinding?> FindAsync(
        ChatQuestion question, Caller caller, CompiledRoute route, RoutingSnapshot snapshot, SemanticLook look, CancellationToken cancellationToken)
    {
        var evidence = await book.FindAsync(look.Partition, look.Rules.FalseHitBudget);
        if (await EmbedAsync(question, caller, look, evidence, cancellationToken) is not { } vector)
            return null;
        look = look with { Vector = vector };
        if (question.Directives.NoCache)
            return new SemanticFinding(look, null);
        var since = question.Directives.MaxAge is { } oldest ? timeProvider.GetUtcNow() - oldest : DateTimeOffset.UnixEpoch;
        var candidate = SemanticDecision.Pick(look.Asked, await store.NearestAsync(look.Partition, vector, since, cancellationToken), evidence);
        look = look with
        {
            Candidate = candidate,
            IsHit = candidate is not null && evidence.IsServed(candidate.Score),
            IsShadow = look.Rules.Mode != SemanticMode.Serve || evidence.Threshold is null || IsRechecked(look),
        };
        if (look is not { IsHit: true, IsShadow: false })
            return new SemanticFinding(look, null);
        var answer = await store.AnswerAsync(look.Partition, candidate!.Entry.Id, cancellationToken);
        return new SemanticFinding(look, answer?.IsAllowed(caller, route, snapshot) == true ? answer : null);
    }

    private static async Task<float[]?> EmbedAsync(ChatQuestion question, Caller caller, SemanticLook look, Evidence evidence, CancellationToken cancellationToken) =>
        look.Rules.Embedder == LexicalEmbedder.Name
            ? LexicalEmbedder.Embed(look.Asked, evidence.Statistics)
            : await question.Embedder.EmbedAsync(caller, look.Rules.Embedder, look.Asked.Text, cancellationToken);

    // Vectors of two models cannot be compared, whatever both are called.
    private static string EmbedderOf(SemanticRules rules, RoutingSnapshot snapshot) =>
        $"{rules.Embedder}@{(snapshot.FindName(rules.Embedder) is { } name ? snapshot.FindRoute(name.Route)?.Route.CacheEpoch : null) ?? 0}";

    // By the request's own random digits: the same however often it is looked at.
    private static bool IsRechecked(SemanticLook look)
    {
        var digits = look.RequestId.ToByteArray(bigEndian: true).AsSpan(12);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digits) < look.Rules.Recheck * uint.MaxValue;
    }

    // What the client is shown: neither reasoning nor calls of tools, which no comparison of words can tell apart.
    private static string TextOf(CachedAnswer answer)
    {
        var starts = answer.Events.Where(chatEvent => chatEvent.EventCase == ChatEvent.EventOneofCase.PartStart).Select(chatEvent => chatEvent.PartStart).ToList();
        if (starts.Exists(start => start.Kind == PartKind.ToolCall))
            return "";
        var shown = starts.Where(start => start.Kind == PartKind.Text).Select(start => start.PartIndex).ToHashSet();
        return string.Concat(answer.Events
            .Where(chatEvent => chatEvent.EventCase == ChatEvent.EventOneofCase.PartDelta && shown.Contains(chatEvent.PartDelta.PartIndex))
            .Select(chatEvent => chatEvent.PartDelta.Text));
    }

    private static bool IsOutage(Exception exception) => exception is NpgsqlException or TimeoutException or InvalidOperationException or System.Net.Sockets.SocketException;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A request goes past the semantic cache ({Cause})")]
        public static partial void Passed(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Information, "The semantic cache did not keep an answer ({Cause})")]
        public static partial void NotKept(ILogger logger, string cause);
    }
}

/// <summary>What a look into the semantic cache found.</summary>
/// <param name="Look">The look.</param>
/// <param name="Answer">The answer that is given again; null when the model is asked.</param>
internal sealed record SemanticFinding(SemanticLook Look, CachedAnswer? Answer);
