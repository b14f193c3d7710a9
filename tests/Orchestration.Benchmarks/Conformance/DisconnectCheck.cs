using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Leaves a vendor's answers halfway and compares what is charged with what the simulator counted itself.</summary>
internal sealed class DisconnectCheck(VendorRow row, VendorPlans plans, ExecutionClient client, SimulatorWitness witness)
{
    private const int Lessons = 12;
    private const int Tokens = 160;
    private const int LeaveAfter = 90;
    private const double TokenMilliseconds = 8;
    private static readonly string[] Prompts =
    [
        "Please explain in a few paragraphs how a harbour works at dawn, who is there first, what they carry, and why the tides decide most of it.",
        "请用几段话解释一下清晨的港口是如何运作的,谁最先到达,他们搬运什么,以及为什么潮汐决定了其中的大部分事情,并举一个具体的例子。",
    ];

    /// <summary>Of the vendor: the largest deviation of an estimate, and what does not hold.</summary>
    public async Task<DisconnectFigures> RunAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var worst = 0.0;
        await witness.ShapeAsync(row.Model, Tokens / 2, 0, 0, cancellationToken);
        for (var lesson = 0; lesson < Lessons; lesson++)
        {
            foreach (var prompt in Prompts)
                await client.ChatAsync(plans.Chat(Request($"{lesson}: {prompt} {lesson}"), row.Model), null, cancellationToken);
        }
        await witness.ForgetAsync(cancellationToken);
        await witness.ShapeAsync(row.Model, Tokens, 0, TokenMilliseconds, cancellationToken);
        foreach (var prompt in Prompts)
        {
            if (await DrainedAsync(prompt, cancellationToken) is { } drained)
                problems.Add(drained);
            var (deviation, problem) = await CancelledAsync(prompt, cancellationToken);
            worst = Math.Max(worst, deviation);
            if (problem is not null)
                problems.Add(problem);
        }
        await witness.UnshapeAsync(row.Model, cancellationToken);
        return new DisconnectFigures(row.Row, worst, problems);
    }

    private static ChatRequest Request(string prompt) => SampleRequests.Plain(true, prompt);

    private async Task<string?> DrainedAsync(string prompt, CancellationToken cancellationToken)
    {
        var reply = await client.ChatAsync(plans.Chat(Request(prompt), row.Model, TimeSpan.FromSeconds(20)), LeaveAfter, cancellationToken);
        if (reply.Attempt is not { } attempt)
            return "drain: no summary";
        return (await witness.CountAsync(attempt.AttemptId, cancellationToken)).Differs(reply.Usage) is { } differs ? $"drain: {differs}" : null;
    }

    private async Task<(double Deviation, string? Problem)> CancelledAsync(string prompt, CancellationToken cancellationToken)
    {
        var reply = await client.ChatAsync(plans.Chat(Request(prompt), row.Model, TimeSpan.Zero), LeaveAfter, cancellationToken);
        if (reply.Attempt is not { } attempt)
            return (0, "cancel: no summary");
        var counted = await witness.CountAsync(attempt.AttemptId, cancellationToken);
        var usage = reply.Usage;
        var input = Deviation(usage.InputTokens + usage.CacheReadTokens + usage.CacheWriteTokens, counted.Input);
        var output = Deviation(usage.OutputTokens + usage.ReasoningTokens, counted.Output);
        var problem = usage.Source != UsageSource.Estimated && Math.Max(input, output) > 0 ? $"cancel: usage is {usage.Source}"
            : Math.Max(input, output) > 0.1 ? FormattableString.Invariant($"cancel: input {usage.InputTokens} of {counted.Input}, output {usage.OutputTokens + usage.ReasoningTokens} of {counted.Output}")
            : null;
        return (Math.Max(input, output), problem);
    }

    private static double Deviation(long told, int counted) => counted == 0 ? told : Math.Abs(told - counted) / (double)counted;
}

/// <summary>What leaving one vendor's answers showed.</summary>
internal sealed record DisconnectFigures(string Row, double Worst, IReadOnlyList<string> Problems);
