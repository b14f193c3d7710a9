using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Sse;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

/// <summary>What a defect of our own must not do to the money of an attempt and to who runs beside it.</summary>
public sealed class DefectTests : IAsyncLifetime
{
    private const string Broken = "broken";
    private const string Blind = "blind";
    private readonly ProvidersFixture _service = new() { Change = UseDefectiveDialect };

    public ValueTask InitializeAsync() => _service.InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Attempt_that_ends_by_a_defect_is_estimated_by_what_was_seen()
    {
        var url = _service.Upstream.Script(Broken, SpeakAndCutAsync);

        var answer = await Answer.OfAsync(_service, Plans.Plan(Plans.Candidate(Broken, url)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.Internal);
        var completed = _service.Completed(answer.RequestId).ShouldHaveSingleItem();
        (completed.Settlement, completed.Usage.Input).ShouldBe(("estimated", 11));
        completed.Usage.Output.ShouldBeGreaterThan(4);
    }

    [Fact]
    public async Task Attempt_whose_reading_is_lost_is_estimated_by_its_request()
    {
        var url = _service.Upstream.Script(Blind, SpeakAndCutAsync);

        var answer = await Answer.OfAsync(_service, Plans.Plan(Plans.Candidate(Blind, url)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.Internal);
        answer.Summary.Attempts.ShouldHaveSingleItem();
        var completed = _service.Completed(answer.RequestId).ShouldHaveSingleItem();
        (completed.Settlement, completed.Usage.Input, completed.Usage.Output).ShouldBe(("estimated", 11, 0));
    }

    [Fact]
    public async Task Who_runs_beside_a_defect_still_answers_and_is_paid()
    {
        var hedged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blind = _service.Upstream.Script(Blind, async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role]));
            await hedged.Task.WaitAsync(e.Stopping);
            e.Reset();
            failed.SetResult();
        });
        var good = _service.Upstream.Script("good", async e =>
        {
            hedged.SetResult();
            await failed.Task.WaitAsync(e.Stopping);
            await SettledAsync(1);
            await OpenAIWire.AnswerAsync(e);
        });
        var plan = Plans.Plan(Plans.Candidate(Blind, blind), Plans.Candidate("good", good));
        plan.Route = "defect";
        plan.Rules.HedgeAfter = Plans.Milliseconds(50);
        _service.Services.GetRequiredService<HedgeSpend>().Book("defect", new Orchestration.Pricing.Money(1000, "CNY"), extra: false);

        var answer = await Answer.OfAsync(_service, plan);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe([Blind, "good"], ignoreOrder: true);
        _service.Completed(answer.RequestId).Count.ShouldBe(2);

        async Task SettledAsync(int attempts)
        {
            while (Rows() < attempts) await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        int Rows() => _service.Witnesses().Values.Sum(w => w.Completed);
    }

    private static async Task SpeakAndCutAsync(UpstreamExchange exchange)
    {
        await exchange.BeginStreamAsync();
        await exchange.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hello to everybody out there who reads this text")]));
    }

    private static void UseDefectiveDialect(IServiceCollection services)
    {
        services.Remove(services.Single(s => s.ImplementationType == typeof(OpenAIDialect)));
        services.AddSingleton<OpenAIDialect>();
        services.AddSingleton<IChatDialect>(s => new DefectiveDialect(s.GetRequiredService<OpenAIDialect>()));
    }

    private sealed class DefectiveDialect(OpenAIDialect inner) : IChatDialect
    {
        public Protocol Protocol => inner.Protocol;

        public StreamFraming Framing => inner.Framing;

        public string PathFor(Deployment deployment, bool stream) => inner.PathFor(deployment, stream);

        public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput) =>
            inner.Encode(request, deployment, profile, defaultMaxOutput);

        public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) => deployment.Id is Broken or Blind
            ? new DefectiveDecoder(inner.BeginStream(request, deployment, profile), blind: deployment.Id == Blind)
            : inner.BeginStream(request, deployment, profile);

        public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
            inner.DecodeWhole(body, request, deployment, profile);

        public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
            inner.DecodeError(status, body, hints, profile);
    }

    /// <summary>Cannot end an answer that breaks; a blind one cannot tell its size either.</summary>
    private sealed class DefectiveDecoder(IChatStreamDecoder inner, bool blind) : IChatStreamDecoder
    {
        public bool IsTerminated => inner.IsTerminated;

        public Failure? Failure => inner.Failure;

        public Usage? Usage => inner.Usage;

        public bool UsageSuspect => inner.UsageSuspect;

        public ResponseStarted Reported => inner.Reported;

        public TextSize OutputSize => blind ? throw new InvalidOperationException("No size.") : inner.OutputSize;

        public void Decode(SseEvent sseEvent, List<ChatEvent> events) => inner.Decode(sseEvent, events);

        public void Complete(List<ChatEvent> events) => throw new InvalidOperationException("No end.");

        public void Fail(Failure failure, List<ChatEvent> events) => throw new InvalidOperationException("No failure.");
    }
}
