using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Tests;

public sealed class KeyInterceptorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Marshaller<ChatRequest> Requests = Marshallers.Create(_ => Array.Empty<byte>(), _ => new ChatRequest());
    private static readonly Marshaller<ChatCompletion> Completions = Marshallers.Create(_ => Array.Empty<byte>(), _ => new ChatCompletion());
    private static readonly Method<ChatRequest, ChatCompletion> Method = new(MethodType.Unary, "service", "method", Requests, Completions);

    [Fact]
    public void Call_without_deadline_gets_the_configured_one() =>
        OptionsAfter(new CallOptions()).Deadline.ShouldBe(Now.AddMinutes(2).UtcDateTime);

    [Fact]
    public void Callers_own_deadline_stays()
    {
        var own = Now.AddSeconds(3).UtcDateTime;

        OptionsAfter(new CallOptions(deadline: own)).Deadline.ShouldBe(own);
    }

    [Fact]
    public void Key_is_added_and_other_headers_stay()
    {
        var headers = new Metadata { { "x-request-id", "one" } };

        var sent = OptionsAfter(new CallOptions(headers)).Headers!;

        sent.GetValue("authorization").ShouldBe("Bearer sk-of-the-options");
        sent.GetValue("x-request-id").ShouldBe("one");
        headers.Count.ShouldBe(1, "the caller's own collection may be used again");
    }

    [Fact]
    public void Callers_own_key_stays_and_stands_alone() =>
        OptionsAfter(new CallOptions(new Metadata { { "Authorization", "Bearer sk-own" } })).Headers!
            .GetAll("authorization").Select(entry => entry.Value).ShouldBe(["Bearer sk-own"]);

    private static CallOptions OptionsAfter(CallOptions options)
    {
        var interceptor = new KeyInterceptor(
            new OrchestrationClientOptions { ApiKey = "sk-of-the-options", Timeout = TimeSpan.FromMinutes(2) }, new FakeTimeProvider(Now));
        CallOptions? seen = null;
        interceptor.BlockingUnaryCall(new ChatRequest(), new ClientInterceptorContext<ChatRequest, ChatCompletion>(Method, null, options), (_, context) =>
        {
            seen = context.Options;
            return new ChatCompletion();
        });
        return seen.ShouldNotBeNull();
    }
}
