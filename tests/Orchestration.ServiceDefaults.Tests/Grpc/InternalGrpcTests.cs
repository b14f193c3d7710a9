using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.ServiceDefaults.Tests.Grpc;

public sealed class InternalGrpcTests
{
    private static readonly Failure Known = new() { FailureClass = FailureClass.NotFound, Code = "model_not_found", Message = "No such model." };

    public static TheoryData<string> Kinds => ["unary", "server stream", "duplex stream"];

    [Fact]
    public async Task Service_knows_who_calls()
    {
        ServiceCaller? caller = null;
        await using var pair = await GrpcPair.StartAsync(context =>
        {
            caller = context.GetServiceCaller();
            return Task.CompletedTask;
        });

        await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());

        caller.ShouldBe(new ServiceCaller("probe", "acme", "chat"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_without_identity_is_refused_before_the_service_sees_it(string kind)
    {
        var reached = false;
        await using var pair = await GrpcPair.StartAsync(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });

        var exception = await CallAsync(pair, kind, Anonymous());

        exception.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        exception.GetFailure().FailureClass.ShouldBe(FailureClass.Internal);
        reached.ShouldBeFalse();
    }

    [Fact]
    public async Task Call_with_a_forged_identity_is_refused()
    {
        await using var pair = await GrpcPair.StartAsync(_ => Task.CompletedTask);
        var forged = new CallOptions(new Metadata { { InternalCalls.IdentityHeader, "Zm9yZ2Vk" } }, DateTime.MaxValue);

        (await CallAsync(pair, "unary", forged)).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Service_that_allows_it_is_called_without_identity()
    {
        ServiceCaller? caller = null;
        await using var pair = await GrpcPair.StartAsync(context =>
        {
            caller = context.FindServiceCaller();
            return Task.CompletedTask;
        }, anonymous: true);

        await pair.Client.EmbedAsync(new EmbedRequest(), Anonymous());
        caller.ShouldBeNull();
        await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());
        caller.ShouldNotBeNull().TenantId.ShouldBe("acme");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Failure_reaches_the_caller_whole(string kind)
    {
        await using var pair = await GrpcPair.StartAsync(_ => throw new FailureException(Known));

        var exception = await CallAsync(pair, kind, pair.Call());

        exception.StatusCode.ShouldBe(StatusCode.NotFound);
        exception.GetFailure().ShouldBe(Known);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Defect_is_logged_once_and_tells_the_caller_nothing(string kind)
    {
        await using var pair = await GrpcPair.StartAsync(_ => throw new InvalidOperationException("secret of the house"));

        var exception = await CallAsync(pair, kind, pair.Call());

        exception.StatusCode.ShouldBe(StatusCode.Internal);
        exception.GetFailure().FailureClass.ShouldBe(FailureClass.Internal);
        exception.ToString().ShouldNotContain("secret of the house");
        pair.Logs.Entries.Count(entry => entry.Level >= LogLevel.Error && entry.Text.Contains("secret of the house", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Stores_that_are_away_are_never_shown_as_a_defect()
    {
        Exception away = new InvalidOperationException("transient", new NpgsqlException("refused", new TimeoutException()));
        await using var pair = await GrpcPair.StartAsync(_ => throw away);

        (await CallAsync(pair, "unary", pair.Call())).GetFailure().Code.ShouldBe("store_unavailable");
        away = new OutboxFullException();
        (await CallAsync(pair, "unary", pair.Call())).GetFailure().Code.ShouldBe("spool_full");
    }

    [Fact]
    public async Task Passed_deadline_says_so()
    {
        await using var pair = await GrpcPair.StartAsync(context => Task.Delay(Timeout.Infinite, context.CancellationToken));

        (await CallAsync(pair, "unary", pair.Call(TimeSpan.FromMilliseconds(200)))).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Unary_call_without_deadline_is_not_sent()
    {
        await using var pair = await GrpcPair.StartAsync(_ => Task.CompletedTask);

        Should.Throw<InvalidOperationException>(() => pair.Client.EmbedAsync(new EmbedRequest(), new CallOptions()))
            .Message.ShouldContain("deadline");
    }

    [Fact]
    public async Task Service_that_is_away_is_unavailable_and_its_return_is_noticed()
    {
        await using var pair = await GrpcPair.StartAsync(_ => Task.CompletedTask);
        await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());
        await pair.Server.StopAsync(TestContext.Current.CancellationToken);

        var failure = (await CallAsync(pair, "unary", pair.Call())).GetFailure();
        await pair.RestartServerAsync(_ => Task.CompletedTask);

        failure.FailureClass.ShouldBe(FailureClass.Unavailable);
        failure.Retryable.ShouldBeTrue();
        await ServedAgainAsync(pair);
    }

    /// <summary>The first call after the return may still meet the connection that went; one of the next must not.</summary>
    private static async Task ServedAgainAsync(GrpcPair pair)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());
                return;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    [Fact]
    public async Task Message_over_the_cap_is_too_large()
    {
        await using var pair = await GrpcPair.StartAsync(_ => Task.CompletedTask);
        var request = new EmbedRequest();
        request.MergeFrom(UnknownField(5 * 1024 * 1024));

        var exception = await Should.ThrowAsync<RpcException>(() => pair.Client.EmbedAsync(request, pair.Call()).ResponseAsync);

        exception.GetFailure().FailureClass.ShouldBe(FailureClass.TooLarge);
    }

    [Fact]
    public async Task Trace_goes_on_in_the_service()
    {
        ActivityTraceId? seen = null;
        await using var pair = await GrpcPair.StartAsync(_ =>
        {
            seen = Activity.Current?.TraceId;
            return Task.CompletedTask;
        });
        using var activity = new Activity("test").Start();

        await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());

        seen.ShouldBe(activity.TraceId);
    }

    [Fact]
    public async Task Exported_client_span_is_the_parent_of_the_services_span()
    {
        Activity? seen = null;
        await using var pair = await GrpcPair.StartAsync(_ =>
        {
            seen = Activity.Current;
            return Task.CompletedTask;
        }, settings: ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name.Contains("Grpc", StringComparison.OrdinalIgnoreCase), ActivityStopped = spans.Enqueue };
        ActivitySource.AddActivityListener(listener);
        using var activity = new Activity("test") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        await pair.Client.EmbedAsync(new EmbedRequest(), pair.Call());

        var service = seen.ShouldNotBeNull();
        service.TraceId.ShouldBe(activity.TraceId);
        service.Recorded.ShouldBeTrue();
        spans.ShouldContain(span => span.SpanId == service.ParentSpanId && span.ParentSpanId == activity.SpanId);
    }

    private static byte[] UnknownField(int length)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(1_000, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(new byte[length]));
        }

        return bytes.ToArray();
    }

    private static CallOptions Anonymous() => new(deadline: DateTime.MaxValue, cancellationToken: TestContext.Current.CancellationToken);

    private static Task<RpcException> CallAsync(GrpcPair pair, string kind, CallOptions options) => Should.ThrowAsync<RpcException>(async () =>
    {
        switch (kind)
        {
            case "unary":
                await pair.Client.EmbedAsync(new EmbedRequest(), options);
                break;
            case "server stream":
                using (var call = pair.Client.WatchVendors(new WatchVendorsRequest(), options))
                {
                    await DrainAsync(call.ResponseStream);
                }

                break;
            default:
                using (var call = pair.Client.Execute(options))
                {
                    await call.RequestStream.CompleteAsync();
                    await DrainAsync(call.ResponseStream);
                }

                break;
        }
    });

    private static async Task DrainAsync<T>(IAsyncStreamReader<T> stream)
    {
        while (await stream.MoveNext(TestContext.Current.CancellationToken))
        {
        }
    }
}
