using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Client.Calls;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using static Orchestration.Client.Tests.Hosting.Answers;

namespace Orchestration.Client.Tests.Calls;

public sealed class RetryTests
{
    private static readonly ChatRequest Hello = new() { Messages = { new Message { Role = Role.User, Parts = { Text("Hello") } } } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_passes_by_itself_is_sent_again_under_the_same_idempotency_key()
    {
        await using var peer = await GatewayPeer.StartAsync(time: new HastyTime());
        peer.Script.FailsThenCompletes(Overloaded(), new RpcException(new Status(StatusCode.Unavailable, "Bad gateway.")));

        var answer = await peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation);

        answer.Choices.Single().Message.Parts.Single().ShouldBe(Text("At last."));
        peer.Script.IdempotencyKeys.Count().ShouldBe(3);
        Guid.TryParse(peer.Script.IdempotencyKeys.Distinct().Single(), out _).ShouldBeTrue();
        peer.Script.ChatRequests.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Each_request_has_a_key_of_its_own()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.FailsThenCompletes();

        await peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation);
        await peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation);

        peer.Script.IdempotencyKeys.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Lost_connection_is_sent_again()
    {
        await using var peer = await GatewayPeer.StartAsync(time: new HastyTime());
        var calls = 0;
        peer.Script.Complete = (_, context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
                context.GetHttpContext().Abort();
            return Task.FromResult(Completion(Text("At last.")));
        };

        (await peer.Chat.GetResponseAsync("Hello", cancellationToken: Cancellation)).Text.ShouldBe("At last.");

        peer.Script.IdempotencyKeys.Distinct().Count().ShouldBe(1);
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Gateway_that_is_not_there_is_told_after_the_last_try()
    {
        var time = new HastyTime();
        await using var peer = await GatewayPeer.StartAsync(options => options.Address = new Uri("http://127.0.0.1:9"), time);

        var away = await Should.ThrowAsync<OrchestrationUnavailableException>(() => peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation));

        (away.Code, away.Tries, away.IsRetryable, away.RequestId).ShouldBe(("unavailable", 3, true, null));
        time.Waits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Wait_is_as_long_as_the_gateway_asks_for()
    {
        var time = new HastyTime();
        await using var peer = await GatewayPeer.StartAsync(time: time);
        peer.Script.FailsThenCompletes(Limited(TimeSpan.FromSeconds(7)));

        await peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation);

        time.Waits.Single().ShouldBeInRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8.75));
    }

    [Fact]
    public async Task Waits_that_nobody_asked_for_double()
    {
        var time = new HastyTime();
        await using var peer = await GatewayPeer.StartAsync(options => (options.MaxRetries, options.MaxRetryDelay) = (4, TimeSpan.FromSeconds(3)), time);
        peer.Script.FailsThenCompletes([.. Enumerable.Range(0, 4).Select(_ => Overloaded())]);

        await peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation);

        double[] seconds = [0.5, 1, 2, 3];
        time.Waits.Count.ShouldBe(4);
        foreach (var (wait, most) in time.Waits.Zip(seconds))
            wait.TotalSeconds.ShouldBeInRange(most * 0.75, most);
    }

    [Theory]
    [InlineData(31, 600)]
    [InlineData(20, 10)]
    public async Task Wait_that_does_not_fit_is_told_at_once(int asked, int timeout)
    {
        var time = new HastyTime();
        await using var peer = await GatewayPeer.StartAsync(options => options.Timeout = TimeSpan.FromSeconds(timeout), time);
        peer.Script.FailsThenCompletes(Limited(TimeSpan.FromSeconds(asked)));

        var limited = await Should.ThrowAsync<OrchestrationLimitException>(() => peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation));

        (limited.Code, limited.Limit, limited.RetryAfter, limited.Tries).ShouldBe(
            ("rate_limit_exceeded", "600 requests of the key in 60 seconds", TimeSpan.FromSeconds(asked), 1));
        limited.RequestId.ShouldBe(GatewayPeer.RequestId);
        time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tries_and_waits_share_one_deadline()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var options = new OrchestrationClientOptions { Timeout = TimeSpan.FromSeconds(10), MaxRetries = 10 };
        var tries = new CallTries(options, time, [], timeout: null, Cancellation);
        var deadline = tries.Options.Deadline;

        time.Advance(TimeSpan.FromSeconds(9.9));
        await Should.ThrowAsync<OrchestrationUnavailableException>(() => tries.WaitOrThrowAsync(Overloaded()));

        (tries.Options.Deadline, tries.Made).ShouldBe((deadline, 1));
    }

    [Fact]
    public async Task Refusal_is_not_sent_again()
    {
        await using var peer = await GatewayPeer.StartAsync(time: new HastyTime());
        peer.Script.FailsThenCompletes(GatewayScript.Refusal(StatusCode.ResourceExhausted, new Failure
        {
            FailureClass = FailureClass.BudgetExhausted, Code = "budget_exhausted", Message = "The budget 'monthly' is spent.", Limit = "budget 'monthly' of the tenant",
        }));

        var spent = await Should.ThrowAsync<OrchestrationBudgetException>(() => peer.Chat.GetResponseAsync("Hello", cancellationToken: Cancellation));

        (spent.Code, spent.Limit, spent.Message, spent.IsRetryable).ShouldBe(
            ("budget_exhausted", "budget 'monthly' of the tenant", "The budget 'monthly' is spent.", false));
        peer.Script.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Retries_can_be_switched_off()
    {
        await using var peer = await GatewayPeer.StartAsync(options => options.MaxRetries = 0);
        peer.Script.FailsThenCompletes(Overloaded());

        await Should.ThrowAsync<OrchestrationUnavailableException>(() => peer.Client.CompleteAsync(Hello, cancellationToken: Cancellation));

        peer.Script.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Leaving_ends_a_wait()
    {
        var time = new EndlessTime();
        await using var peer = await GatewayPeer.StartAsync(time: time);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        peer.Script.Complete = (_, _) => throw Overloaded();

        var answer = peer.Client.CompleteAsync(Hello, cancellationToken: leaving.Token);
        await time.Waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer);
        peer.Script.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_is_sent_again_before_anything_of_the_answer(bool attempted)
    {
        await using var peer = await GatewayPeer.StartAsync(time: new HastyTime());
        var calls = 0;
        peer.Script.Stream = async (_, writer, context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                if (attempted)
                    await writer.WriteAsync(new ChatEvent { AttemptStarted = new AttemptStarted { AttemptId = "lost" } }, context.CancellationToken);
                throw Overloaded();
            }

            foreach (var chatEvent in (ChatEvent[])[Started, Start(PartKind.Text), Delta("At last."), Stop(), Summarised])
                await writer.WriteAsync(chatEvent, context.CancellationToken);
        };

        List<ChatEvent> events = [];
        await foreach (var chatEvent in peer.Client.StreamAsync(Hello, cancellationToken: Cancellation))
            events.Add(chatEvent);

        events.ShouldBe([Started, Start(PartKind.Text), Delta("At last."), Stop(), Summarised]);
        peer.Script.IdempotencyKeys.Count().ShouldBe(2);
        peer.Script.IdempotencyKeys.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Stream_is_never_sent_again_once_an_event_was_given_out()
    {
        await using var peer = await GatewayPeer.StartAsync(time: new HastyTime());
        peer.Script.Stream = async (_, writer, context) =>
        {
            await writer.WriteAsync(Started, context.CancellationToken);
            throw Overloaded();
        };

        var broken = await Should.ThrowAsync<OrchestrationUnavailableException>(
            () => peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: Cancellation).ToChatResponseAsync(Cancellation));

        (broken.Code, broken.Tries, broken.RequestId).ShouldBe(("overloaded", 1, GatewayPeer.RequestId));
        peer.Script.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Time_that_runs_out_is_a_timeout_and_stops_the_gateway()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var stopped = new TaskCompletionSource();
        peer.Script.Complete = async (_, context) =>
        {
            context.CancellationToken.Register(stopped.SetResult);
            await stopped.Task;
            return new ChatCompletion();
        };
        // The connection stands before the time runs.
        await peer.Client.ListModelsAsync(Cancellation);

        var late = await Should.ThrowAsync<OrchestrationTimeoutException>(
            () => peer.Client.CompleteAsync(Hello, new OrchestrationCall { Timeout = TimeSpan.FromSeconds(1) }, Cancellation));

        (late.Code, late.Tries).ShouldBe(("deadline_exceeded", 1));
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    private static RpcException Overloaded() => GatewayScript.Refusal(
        StatusCode.Unavailable, new Failure { FailureClass = FailureClass.Unavailable, Code = "overloaded", Message = "Too much to do.", Retryable = true });

    private static RpcException Limited(TimeSpan wait) => GatewayScript.Refusal(StatusCode.ResourceExhausted, new Failure
    {
        FailureClass = FailureClass.RateLimited,
        Code = "rate_limit_exceeded",
        Message = "The limit of the key is reached.",
        Limit = "600 requests of the key in 60 seconds",
        RetryAfter = Duration.FromTimeSpan(wait),
        Retryable = true,
    });

    /// <summary>A clock that stands still, and tells when somebody waits.</summary>
    private sealed class EndlessTime() : FakeTimeProvider(System.GetUtcNow())
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _waiting.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waiting.TrySetResult();
            return timer;
        }
    }
}
