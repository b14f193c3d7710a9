using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>
/// One row of the catalogue of faults: a request over the real service to providers that misbehave, and all that must hold whatever
/// they do. The answer is told in order and in time, the ledger knows every attempt once, the metric moved, nothing is held, no secret left.
/// </summary>
internal sealed class FaultCase(FaultsFixture host, [CallerMemberName] string row = "")
{
    private static int _cases;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{row[..3].ToLowerInvariant()}-{Interlocked.Increment(ref _cases)}");

    /// <summary>What the gateway asks; its identity is new for every run.</summary>
    public Start Start { get; } = Plans.Start(Plans.Plan());

    public ExecutionRules Rules => Start.Plan.Rules;

    /// <summary>Called with every event as the gateway hears it.</summary>
    public Action<ChatEvent> Heard { get; set; } = _ => { };

    /// <summary>Most time that the request may take.</summary>
    public TimeSpan Bound { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Id of a candidate's deployment.</summary>
    public string Deployment(int candidate = 0) => Start.Plan.Candidates[candidate].Deployment.Id;

    /// <summary>What a candidate was sent.</summary>
    public IReadOnlyList<RecordedRequest> Requests(int candidate = 0) => host.Upstream.Requests(Deployment(candidate));

    /// <summary>Adds a candidate that answers by a script and has a real key.</summary>
    public FaultCase Asks(Func<UpstreamExchange, Task> script, string vendor = "openai", Protocol protocol = Protocol.OpenaiChat)
    {
        var name = $"{_name}-{Start.Plan.Candidates.Count}";
        return Add(name, host.Upstream.Script(name, script), vendor, protocol, simulated: false);
    }

    /// <summary>Adds a candidate somewhere on this machine.</summary>
    public FaultCase AsksAt(string url, bool simulated = true) => Add($"{_name}-{Start.Plan.Candidates.Count}", url, "openai", Protocol.OpenaiChat, simulated);

    /// <summary>Adds a candidate that answers "Hello world".</summary>
    public FaultCase ThenAsksAGoodOne() => Asks(OpenAIWire.AnswerAsync, vendor: "groq");

    /// <summary>The request is not streamed.</summary>
    public FaultCase Whole()
    {
        Start.Request.Stream = false;
        return this;
    }

    public FaultCase With(Action<ExecutionRules> rules)
    {
        rules(Rules);
        return this;
    }

    /// <summary>The request with an identity of its own.</summary>
    public Start Fresh()
    {
        var start = Start.Clone();
        start.RequestId = Guid.CreateVersion7().ToString("D");
        start.Request.Messages[0].Parts[0].Text.Text_ = $"Say hello, {FaultsFixture.PromptCanary}.";
        return start;
    }

    /// <summary>Runs it; it must fail so, with an attempt for every settlement.</summary>
    public async Task<FaultRun> FailsAsync(FailureClass failureClass, string code, params string[] settlements)
    {
        var run = await RunAsync();
        run.Answer.Error.ShouldNotBeNull();
        (run.Answer.Error.FailureClass, run.Answer.Error.Code).ShouldBe((failureClass, code));
        run.Settlements.ShouldBe(settlements);
        return run;
    }

    /// <summary>Runs it; it must be answered, with an attempt for every settlement.</summary>
    public async Task<FaultRun> AnswersAsync(params string[] settlements)
    {
        var run = await RunAsync();
        run.Answer.Error.ShouldBeNull();
        run.Settlements.ShouldBe(settlements);
        return run;
    }

    /// <summary>Runs it and checks what holds for every fault.</summary>
    public async Task<FaultRun> RunAsync()
    {
        var start = Fresh();
        var counted = Counted();
        var began = Stopwatch.GetTimestamp();
        var answer = await Answer.OfAsync(host.Service, start, Heard);
        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Bound);

        IsToldInOrder(answer, Start.Request.ChoiceCount);
        var completed = IsSettled(answer);
        Counted().Zip(counted).SelectMany(pair => pair.First.Skip(pair.Second.Count)).Select(c => c.Error).Order()
            .ShouldBe(answer.Summary.Attempts.Select(a => FaultMetrics.NameOf(a.Failure?.FailureClass)).Order());
        foreach (var chatEvent in answer.Events) chatEvent.ToString().ShouldNotContain(FaultsFixture.KeyCanary);
        await host.ReturnsToBaselineAsync();
        return new FaultRun(answer, completed, host.LogsNoSecret());
    }

    private static void IsToldInOrder(Answer answer, int choices)
    {
        answer.Count(Kind.Summary).ShouldBe(1);
        answer.Count(Kind.ResponseStarted).ShouldBeLessThanOrEqualTo(1);
        if (answer.Error is null)
        {
            answer.Count(Kind.Finish).ShouldBeGreaterThan(0);
            return;
        }

        answer.IndexOf(Kind.Error).ShouldBe(answer.Events.Count - 2);
        // Of several choices, those that ended before the cut are whole.
        answer.Count(Kind.Finish).ShouldBeLessThan(Math.Max(1, choices));
    }

    private FaultCase Add(string name, string url, string vendor, Protocol protocol, bool simulated)
    {
        var candidate = Plans.Candidate(name, url, simulated);
        var deployment = candidate.Deployment;
        (deployment.Provider, deployment.UpstreamModel, deployment.Region, deployment.Protocol) = (vendor, $"{name}/up-model", "", protocol);
        Start.Plan.Candidates.Add(candidate);
        return this;
    }

    private List<IReadOnlyList<(string Outcome, string Error)>> Counted() => [.. Start.Plan.Candidates.Select(c => FaultMetrics.AttemptsOn(c.Deployment.UpstreamModel))];

    private List<AttemptCompleted> IsSettled(Answer answer)
    {
        var completed = host.Service.Completed(answer.RequestId).OrderBy(c => c.Ordinal).ToList();
        completed.Count.ShouldBe(answer.Summary.Attempts.Count);
        host.Service.Started(answer.RequestId).Select(s => s.AttemptId).Order().ShouldBe(completed.Select(c => c.AttemptId).Order());
        foreach (var attempt in completed)
        {
            attempt.Settlement.ShouldBeOneOf("exact", "estimated", "released");
            if (attempt.Settlement == "released") attempt.Cost.ShouldBe(0m);
            if (attempt.Settlement == "estimated") attempt.Cost.ShouldBeGreaterThan(0m);
        }

        decimal.Parse(answer.Summary.Cost.Amount, CultureInfo.InvariantCulture).ShouldBe(completed.Sum(c => c.Billed));
        foreach (var recorded in host.Service.Ledger(answer.RequestId))
        {
            recorded.Payload.ShouldNotContain(FaultsFixture.KeyCanary);
            recorded.Payload.ShouldNotContain(FaultsFixture.PromptCanary);
        }

        return completed;
    }
}

/// <summary>How a case ended.</summary>
/// <param name="Answer">What the gateway was told.</param>
/// <param name="Completed">What the ledger was told, by ordinal.</param>
/// <param name="Log">What the service logged, at its most talkative.</param>
internal sealed record FaultRun(Answer Answer, IReadOnlyList<AttemptCompleted> Completed, IReadOnlyList<string> Log)
{
    public IEnumerable<string> Settlements => Completed.Select(c => c.Settlement);

    /// <summary>How the first attempt failed.</summary>
    public Failure First => Answer.Summary.Attempts[0].Failure;
}
