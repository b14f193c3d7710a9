using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Asks one vendor everything, one field after the other.</summary>
internal sealed class VendorCheck(VendorRow row, VendorPlans plans, ExecutionClient client, SimulatorWitness witness)
{
    public async Task<IReadOnlyDictionary<string, CellResult>> RunAsync(CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, CellResult>();
        var others = new PlainChecks(row, plans, client, witness);
        foreach (var column in Columns.All)
        {
            results[column] = AbsentReason(column) is { } reason ? CellResult.Absent(reason)
                : !VendorProfileFacts.Speaks(row.Protocol) ? new CellResult(CellMark.Missing)
                : await GuardedAsync(column, others, cancellationToken);
            await witness.ForgetAsync(cancellationToken);
        }
        return results;
    }

    private string? AbsentReason(string column) => row.None.GetValueOrDefault(column) ?? (column switch
    {
        Columns.Embeddings => row.Embeddings is null ? "no embeddings" : null,
        Columns.Rerank => row.Rerank is null ? "no rerank" : null,
        _ when row.Model.Length == 0 => "no chat",
        Columns.Reasoning => row.Reasoning is null ? "no reasoning model" : null,
        Columns.Image => row.Image is null ? "no model with pictures" : null,
        _ => null,
    });

    private async Task<CellResult> GuardedAsync(string column, PlainChecks others, CancellationToken cancellationToken)
    {
        try
        {
            return CellResult.Of(await CheckAsync(column, others, cancellationToken));
        }
        catch (Exception failure) when (failure is Grpc.Core.RpcException or JsonException or InvalidOperationException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return CellResult.Of($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private Task<string?> CheckAsync(string column, PlainChecks others, CancellationToken cancellationToken) => column switch
    {
        Columns.Plain => SpeaksAsync(false, cancellationToken),
        Columns.Stream => SpeaksAsync(true, cancellationToken),
        Columns.Tools => CallsAsync(row.Model, SampleRequests.Tools(parallel: false, reasoning: false), 1, cancellationToken),
        Columns.Parallel => CallsAsync(row.Model, SampleRequests.Tools(parallel: true, reasoning: false), 2, cancellationToken),
        Columns.Reasoning => CallsAsync(row.Reasoning!, SampleRequests.Tools(parallel: false, reasoning: true), 1, cancellationToken),
        Columns.Schema => FormatsAsync(cancellationToken),
        Columns.Image => SeesAsync(cancellationToken),
        Columns.Usage => CountsAsync(cancellationToken),
        Columns.CutFin => BreaksAsync("cut-before-finish", cancellationToken),
        Columns.CutReset => BreaksAsync("rst-before-finish", cancellationToken),
        Columns.Embeddings => others.EmbedsAsync(cancellationToken),
        Columns.Rerank => others.RanksAsync(cancellationToken),
        _ => FailsAsync(column, cancellationToken),
    };

    private Task<ChatReply> AskAsync(ChatRequest request, string model, CancellationToken cancellationToken) =>
        client.ChatAsync(plans.Chat(request, model), null, cancellationToken);

    private async Task<string?> MiscountAsync(ChatReply reply, CancellationToken cancellationToken) =>
        IsDoubted(reply) ? null : (await witness.CountAsync(reply.Attempt!.AttemptId, cancellationToken)).Differs(reply.Usage);

    // What a relay reports is replaced by an estimate, and flagged, where it is far from our own.
    private bool IsDoubted(ChatReply reply) => row.Untrusted && reply.Usage.Source == UsageSource.Estimated;

    private async Task<string?> SpeaksAsync(bool stream, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(SampleRequests.Plain(stream), row.Model, cancellationToken);
        if (reply.WrongEnd(FinishReason.Stop) is { } wrong)
            return wrong;
        if (!reply.Text.StartsWith($"This is a simulated answer about \"{SampleRequests.Topic}\".", StringComparison.Ordinal))
            return $"text is '{reply.Text}'";
        var other = await AskAsync(SampleRequests.Plain(!stream), row.Model, cancellationToken);
        return other.Text != reply.Text ? "streamed and plain text differ" : await MiscountAsync(reply, cancellationToken);
    }

    private async Task<string?> CallsAsync(string model, ChatRequest request, int count, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(request, model, cancellationToken);
        if (reply.WrongEnd(FinishReason.ToolCalls) is { } wrong)
            return wrong;
        if (WrongCalls(reply, count) is { } call)
            return call;
        if (request.Reasoning is not null && WrongReasoning(reply) is { } thought)
            return thought;
        if (await MiscountAsync(reply, cancellationToken) is { } miscount)
            return miscount;
        var next = await AskAsync(SampleRequests.Answered(request, reply), model, cancellationToken);
        if (next.WrongEnd(FinishReason.Stop) is { } refused)
            return $"second turn: {refused}";
        return next.Text.Length == 0 ? "second turn says nothing" : await MiscountAsync(next, cancellationToken);
    }

    private static string? WrongCalls(ChatReply reply, int count)
    {
        if (reply.Calls.Count != count)
            return $"{reply.Calls.Count} calls, expected {count}";
        if (reply.Calls.Select(c => c.Id).Where(id => id.Length > 0).Distinct().Count() != count)
            return "ids of calls are missing or the same";
        foreach (var call in reply.Calls)
        {
            using var arguments = JsonDocument.Parse(call.Arguments);
            if (!arguments.RootElement.TryGetProperty("city", out _))
                return $"arguments are {call.Arguments}";
        }
        return reply.Calls[0].Name == "get_weather" && (count == 1 || reply.Calls[1].Name == "get_time") ? null : "other tools were called";
    }

    private string? WrongReasoning(ChatReply reply) =>
        row.HiddenReasoning ? reply.Usage.ReasoningTokens == 0 ? "no reasoning was counted" : null
        : reply.Reasoned ? null
        : "no reasoning came";

    private async Task<string?> FormatsAsync(CancellationToken cancellationToken)
    {
        var exact = (VendorProfileFacts.Of(row.Provider)?.ResponseFormat ?? "") == "json_schema";
        var reply = await AskAsync(SampleRequests.Schema(), row.Format ?? row.Model, cancellationToken);
        if (reply.WrongEnd(FinishReason.Stop) is { } wrong)
            return wrong;
        using var answer = JsonDocument.Parse(reply.Text);
        return exact && !answer.RootElement.TryGetProperty("city", out _) ? $"not by the schema: {reply.Text}"
            : !exact && !reply.Warnings.Any() ? "the schema was weakened without a warning"
            : await MiscountAsync(reply, cancellationToken);
    }

    private async Task<string?> SeesAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync(SampleRequests.Image(), row.Image!, cancellationToken);
        if (reply.WrongEnd(FinishReason.Stop) is { } wrong)
            return wrong;
        var counted = await witness.CountAsync(reply.Attempt!.AttemptId, cancellationToken);
        return counted.Images != 1 ? $"{counted.Images} pictures arrived" : IsDoubted(reply) ? null : counted.Differs(reply.Usage);
    }

    private async Task<string?> CountsAsync(CancellationToken cancellationToken)
    {
        var model = row.Reasoning ?? row.Model;
        await witness.ShapeAsync(model, 20, 50, 0, cancellationToken);
        try
        {
            foreach (var stream in new[] { false, true })
            {
                var request = SampleRequests.Plain(stream, string.Join(' ', Enumerable.Repeat("many words make a long prompt for the cache", 60)));
                if (row.Reasoning is not null)
                    (request.Reasoning, request.MaxOutputTokens) = (new Reasoning { Enabled = true, Effort = "low" }, 4000);
                var reply = await AskAsync(request, model, cancellationToken);
                if (reply.WrongEnd(FinishReason.Stop) is { } wrong)
                    return wrong;
                var counted = await witness.CountAsync(reply.Attempt!.AttemptId, cancellationToken);
                if (counted.Differs(reply.Usage) is { } differs)
                    return (stream ? "streamed: " : "plain: ") + differs;
                if (WrongClasses(reply.Usage, counted) is { } classes)
                    return (stream ? "streamed: " : "plain: ") + classes;
            }
        }
        finally
        {
            await witness.UnshapeAsync(model, cancellationToken);
        }
        return null;
    }

    private string? WrongClasses(Usage usage, JournalCount counted) =>
        !row.None.ContainsKey("cached tokens") && usage.CacheReadTokens != counted.Cached ? $"cached {usage.CacheReadTokens}, counted {counted.Cached}"
        : !row.None.ContainsKey("reasoning tokens") && usage.ReasoningTokens != counted.Reasoning ? $"reasoning {usage.ReasoningTokens}, counted {counted.Reasoning}"
        : null;

    private async Task<string?> BreaksAsync(string fault, CancellationToken cancellationToken)
    {
        await witness.FaultAsync(row.Model, fault, cancellationToken);
        var reply = await AskAsync(SampleRequests.Plain(true), row.Model, cancellationToken);
        return reply.Finishes.Count > 0 ? "a finish was made up"
            : reply.Failure is not { FailureClass: FailureClass.ProviderTruncated or FailureClass.ProviderUnreachable } ? $"{reply.Failure?.FailureClass.ToString() ?? "no failure"}"
            : reply.Usage.Source == UsageSource.None ? "what was generated is not charged"
            : null;
    }

    private async Task<string?> FailsAsync(string column, CancellationToken cancellationToken)
    {
        var (kind, expected) = Columns.Errors[column];
        if (row.Errors.TryGetValue(column, out var error))
            await witness.SayAsync(row.Model, error, cancellationToken);
        else
            await witness.FaultAsync(row.Model, kind, cancellationToken);
        var reply = await AskAsync(SampleRequests.Plain(true), row.Model, cancellationToken);
        return reply.Finishes.Count > 0 ? "an answer came"
            : reply.Attempt?.Failure?.FailureClass == expected ? null
            : $"{reply.Attempt?.Failure?.FailureClass} ({reply.Attempt?.Failure?.Code}, {reply.Attempt?.Failure?.ProviderStatus}: {reply.Attempt?.Failure?.Message}), expected {expected}";
    }
}
