using Grpc.Core;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class ChatGrpcTests(GatewayFixture fixture)
{
    private ChatService.ChatServiceClient Client => new(fixture.Gateway.Channel);

    [Fact]
    public async Task Complete_answers_as_a_whole()
    {
        var completion = await Client.CompleteAsync(Request(), fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken);

        completion.Choices[0].Message.Parts[0].Text.Text_.ShouldBe("Hello world");
        completion.Response.Model.ShouldBe("strong");
        completion.Response.Warnings.ShouldContain(warning => warning.Code == "default_max_output");
        completion.Summary.Cost.Amount.ShouldBe("0.00001");
    }

    [Fact]
    public async Task Stream_ends_with_its_summary()
    {
        var events = await ReadAsync(Request());

        events.Select(e => e.EventCase).ShouldContain(ChatEvent.EventOneofCase.ResponseStarted);
        events[^1].EventCase.ShouldBe(ChatEvent.EventOneofCase.Summary);
        string.Concat(events.Where(e => e.PartDelta is not null).Select(e => e.PartDelta.Text)).ShouldBe("Hello world");
    }

    [Fact]
    public async Task Failure_before_the_commit_point_is_a_status_with_its_reason()
    {
        var request = Request(async call =>
        {
            await call.AttemptAsync();
            await call.FailAsync(FailureClass.ProviderOverloaded, "overloaded", retryable: true);
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });

        var exception = await Should.ThrowAsync<RpcException>(() => ReadAsync(request));

        exception.StatusCode.ShouldBe(StatusCode.Unavailable);
        exception.GetFailure().Code.ShouldBe("overloaded");
    }

    [Fact]
    public async Task Failure_after_the_commit_point_is_an_event_followed_by_the_summary()
    {
        var events = await ReadAsync(Request(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.FailAsync(FailureClass.ProviderTruncated, "stream_truncated");
            await call.SummaryAsync(AttemptOutcome.Broken, Settlement.Estimated);
        }));

        events[^2].Error.Code.ShouldBe("stream_truncated");
        events[^1].Summary.Settlement.ShouldBe(Settlement.Estimated);
    }

    [Fact]
    public async Task Call_without_a_key_is_unauthenticated()
    {
        var exception = await Should.ThrowAsync<RpcException>(async () => await Client.CompleteAsync(Request(), cancellationToken: TestContext.Current.CancellationToken));

        exception.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        exception.GetFailure().Code.ShouldBe("missing_api_key");
    }

    [Fact]
    public async Task Service_identity_acts_for_the_tenant_in_its_token()
    {
        var options = fixture.Peers.Calls.For("development", "query", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var completion = await Client.CompleteAsync(Request(), options);

        var attribution = fixture.Peers.Providers.Starts[completion.RequestId].Attribution;
        attribution.TenantId.ShouldBe("development");
        attribution.KeyId.ShouldBeEmpty();
        attribution.Purpose.ShouldBe(Contracts.Identity.V1.Purpose.Query);
    }

    [Fact]
    public async Task Service_identity_for_an_unknown_tenant_is_refused()
    {
        var options = fixture.Peers.Calls.For("nobody", "query", TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<RpcException>(async () => await Client.CompleteAsync(Request(), options))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    public static TheoryData<string, ChatRequest> BadRequests => new()
    {
        { "no model", new ChatRequest { Messages = { new Message { Role = Role.User } } } },
        { "no messages", new ChatRequest { Model = "auto" } },
        { "no role", new ChatRequest { Model = "auto", Messages = { new Message() } } },
        { "no output", new ChatRequest { Model = "auto", Messages = { new Message { Role = Role.User } }, MaxOutputTokens = 0 } },
        { "no choices", new ChatRequest { Model = "auto", Messages = { new Message { Role = Role.User } }, ChoiceCount = 0 } },
        { "wrong cap", new ChatRequest { Model = "auto", Messages = { new Message { Role = Role.User } }, Hints = new RoutingHints { CostCap = new Contracts.Pricing.V1.Money { Amount = "x" } } } },
    };

    public static TheoryData<Sampling> NotFinite => new()
    {
        new Sampling { Temperature = double.NaN },
        new Sampling { TopP = double.PositiveInfinity },
        new Sampling { FrequencyPenalty = double.NegativeInfinity },
        new Sampling { PresencePenalty = double.NaN },
        new Sampling { LogitBias = { ["50256"] = double.NaN } },
    };

    [Theory]
    [MemberData(nameof(NotFinite), DisableDiscoveryEnumeration = true)]
    public async Task Number_that_is_not_finite_is_an_invalid_argument(Sampling sampling)
    {
        var request = Request();
        request.Sampling = sampling;

        var exception = await Should.ThrowAsync<RpcException>(() => ReadAsync(request));

        exception.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        exception.GetFailure().Param.ShouldStartWith("sampling.");
    }

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public async Task Bad_request_is_an_invalid_argument(string what, ChatRequest request)
    {
        var exception = await Should.ThrowAsync<RpcException>(
            async () => await Client.CompleteAsync(request, fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken));

        exception.StatusCode.ShouldBe(StatusCode.InvalidArgument, what);
    }

    private ChatRequest Request(Func<ExecuteCall, Task>? script = null)
    {
        var request = new ChatRequest { Model = "test/chat", Messages = { new Message { Role = Role.User, Parts = { new Part { Text = new Text { Text_ = "Hi" } } } } } };
        if (script is not null)
            request.Metadata["script"] = fixture.Peers.Providers.Script(script);
        return request;
    }

    private async Task<List<ChatEvent>> ReadAsync(ChatRequest request)
    {
        using var call = Client.Stream(request, fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken);
        var events = new List<ChatEvent>();
        await foreach (var chatEvent in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            events.Add(chatEvent);
        return events;
    }
}
