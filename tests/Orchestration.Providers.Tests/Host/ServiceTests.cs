using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Providers.Tests.Host;

public sealed class ServiceTests(ProvidersFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_without_an_identity_is_refused()
    {
        using var call = fixture.Client.WatchVendors(new WatchVendorsRequest(), cancellationToken: Cancellation);

        (await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Call_for_another_tenant_is_refused()
    {
        var exception = await RefusedAsync(Plans.Start(Plans.Plan(Plans.Candidate("x", "http://127.0.0.1:1/v1"))), "globex");

        exception.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Plan_without_candidates_is_invalid()
    {
        var exception = await RefusedAsync(Plans.Start(Plans.Plan()), Plans.Tenant);

        exception.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        exception.GetFailure().Code.ShouldBe("invalid_plan");
    }

    [Fact]
    public async Task Ceiling_in_another_currency_is_invalid()
    {
        var start = Plans.Start(Plans.Plan(Plans.Candidate("x", "http://127.0.0.1:1/v1")));
        start.Ceiling = new() { Amount = "1", Currency = "USD" };

        (await RefusedAsync(start, Plans.Tenant)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Vendors_are_told_with_the_keys_that_the_environment_holds()
    {
        using var call = fixture.Client.WatchVendors(new WatchVendorsRequest(), fixture.Call(cancellationToken: Cancellation));
        await call.ResponseStream.MoveNext(Cancellation);

        var vendors = call.ResponseStream.Current.Vendors;
        var groq = vendors.Single(v => v.Provider == "groq");
        (groq.Configured, groq.CredentialSource, groq.Region).ShouldBe((true, "environment", ""));
        vendors.Where(v => v.Provider == "zhipu").Select(v => (v.Region, v.Configured)).ShouldBe([("cn", false), ("intl", false)]);
    }

    [Fact]
    public async Task Real_deployment_without_a_credential_is_not_asked()
    {
        var start = Plans.Start(Plans.Plan(Plans.Candidate("real", "https://api.deepseek.com", simulated: false)));

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error!.Code.ShouldBe("provider_not_configured");
        fixture.Ledger(answer.RequestId).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://api.groq.com/openai/v1")]
    [InlineData("https://127.0.0.1/v1")]
    [InlineData("https://[::1]/v1")]
    [InlineData("https://user@api.groq.com/v1")]
    [InlineData("https://localhost/v1")]
    [InlineData("https://api.openai.com/v1")]
    public async Task Real_deployment_with_an_address_that_is_private_plain_or_not_the_vendors_is_not_asked(string url)
    {
        var start = Plans.Start(Plans.Plan(Plans.Candidate("ssrf", url, simulated: false)));
        start.Plan.Candidates[0].Deployment.Provider = "groq";
        start.Plan.Rules.MaxAttempts = 1;

        var answer = await Answer.OfAsync(fixture, start);

        answer.Error!.Code.ShouldBe("egress_refused");
    }

    [Fact]
    public async Task Stopping_process_refuses_new_work_and_ends_the_old_with_an_error()
    {
        await using var stopping = new ProvidersFixture();
        // A quarter of it is for telling the end, which takes its time on a machine that is busy.
        stopping.Settings["Shutdown:Grace"] = "00:00:20";
        // A machine that is busy with other tests may take long over closing the connections.
        stopping.Change = services => services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(1));
        await stopping.InitializeAsync();
        var url = stopping.Upstream.Script("long", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..2]));
            await e.HoldAsync();
        });
        var start = Plans.Start(Plans.Plan(Plans.Candidate("long", url)));
        using var call = stopping.Client.Execute(stopping.Call(cancellationToken: Cancellation));
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, Cancellation);
        while (await call.ResponseStream.MoveNext(Cancellation) && call.ResponseStream.Current.PartDelta is null)
        {
            // Until it speaks.
        }

        var stopped = stopping.StopAsync();
        (await RefusedAsync(Plans.Start(Plans.Plan(Plans.Candidate("new", url))), Plans.Tenant, stopping)).StatusCode.ShouldBe(StatusCode.Unavailable);
        var rest = new List<ChatEvent>();
        // To the summary, with which the gateway stops reading, too: a server that goes may close the connection before the call's status is out.
        while (rest.LastOrDefault()?.Summary is null && await call.ResponseStream.MoveNext(Cancellation)) rest.Add(call.ResponseStream.Current);

        rest.Single(e => e.Error is not null).Error.Code.ShouldBe("server_shutting_down");
        rest[^1].Summary.Attempts.Single().Outcome.ShouldBe(AttemptOutcome.Broken);
        stopping.Completed(Guid.Parse(start.RequestId)).Single().Settlement.ShouldBe("estimated");
        await stopped;
    }

    private Task<RpcException> RefusedAsync(Start start, string tenant, ProvidersFixture? other = null) => Should.ThrowAsync<RpcException>(async () =>
    {
        var host = other ?? fixture;
        using var call = host.Client.Execute(host.Call(tenant, Cancellation));
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = start }, Cancellation);
        await call.ResponseStream.MoveNext(Cancellation);
    });
}
