using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Tests.Hosting;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Identity;
using Orchestration.Testing;
using Client = Orchestration.Contracts.Routing.V1.PolicyService.PolicyServiceClient;

namespace Orchestration.Routing.Tests.Policy;

/// <summary>Over the wire and against a real PostgreSQL.</summary>
[Collection("routing database")]
public sealed class PolicyServiceTests(BackingServices services) : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policy-service-");
    private (string Key, string Value)[] _settings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await services.EnsureAsync(BackingService.Postgres, Cancellation);
        await DropAsync();
        var server = new NpgsqlConnectionStringBuilder(services.AdminConnectionString);
        _settings =
        [
            ("ConnectionStrings:postgres", services.AdminConnectionString),
            ("Database:Endpoint", $"tcp://{server.Host}:{server.Port}"),
            ("Database:Password", "routing-test-password"),
            ("Routing:DataDirectory", _folder.FullName),
        ];
        (await RoutingHost.MigrateAsync(_settings)).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_version_is_stored_activated_and_rolled_back_and_each_is_in_the_next_table()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        using var watch = host.Watch();
        (await NextTableAsync(watch)).PolicyVersion.ShouldBe("1");

        var made = (await CreateAsync(policies, SamplePolicy.Yaml)).Version;
        (await CreateAsync(policies, SamplePolicy.Yaml)).Version.Version.ShouldBe(made.Version);
        (made.Label, made.Author, made.Active, made.Hash.Length).ShouldBe(("sample", "tester", false, 64));
        var done = await ActivateAsync(policies, made.Version, expected: 1);
        (done.PreviousVersion, done.Version).ShouldBe((1, made.Version));
        var table = await NextTableAsync(watch);
        (table.PolicyVersion, table.Routes.ContainsKey("plain")).ShouldBe(($"{made.Version}", true));

        await ActivateAsync(policies, 1, expected: made.Version);
        (await NextTableAsync(watch)).Routes.ContainsKey("plain").ShouldBeFalse();
        var activations = (await policies.ListPolicyActivationsAsync(new ListPolicyActivationsRequest(), Gateway())).Activations;
        activations.Select(a => (a.PreviousVersion, a.Version)).ShouldBe([(made.Version, 1), (1, made.Version)]);
        var listed = await policies.ListPoliciesAsync(new ListPoliciesRequest(), Gateway());
        listed.Versions.Select(v => (v.Version, v.Active, v.Label)).ShouldBe([(made.Version, false, "sample"), (1, true, "shipped-1")]);
    }

    [Fact]
    public async Task An_activation_that_takes_another_version_for_active_is_refused()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        await NextTableAsync(host.Watch());
        var made = (await CreateAsync(policies, SamplePolicy.Yaml)).Version.Version;

        var stale = await Should.ThrowAsync<RpcException>(() => ActivateAsync(policies, made, expected: 7));
        var unknown = await Should.ThrowAsync<RpcException>(() => ActivateAsync(policies, 99, expected: 1));

        stale.GetFailure().Code.ShouldBe("policy_changed");
        unknown.StatusCode.ShouldBe(StatusCode.NotFound);
        (await policies.GetPolicyAsync(new GetPolicyRequest(), Gateway())).Version.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_draft_with_mistakes_is_told_them_and_not_stored()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        await NextTableAsync(host.Watch());
        var draft = new PolicyDraft { Installation = SamplePolicy.Yaml, Overlays = { ["acme"] = "label: acme\nroutes:\n  nowhere: { chain: [deepseek/deepseek-flash] }" } };

        var refused = await policies.CreatePolicyAsync(new CreatePolicyRequest { Draft = draft, Author = "tester" }, Gateway());

        refused.Version.ShouldBeNull();
        var problem = refused.Problems.ShouldHaveSingleItem();
        (problem.TenantId, problem.Line, problem.Path).ShouldBe(("acme", 3, "routes.nowhere"));
        (await policies.ListPoliciesAsync(new ListPoliciesRequest(), Gateway())).Versions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_differs_is_told_by_member_and_by_line()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        await NextTableAsync(host.Watch());
        var from = (await CreateAsync(policies, SamplePolicy.Yaml)).Version.Version;
        var to = (await CreateAsync(policies, SamplePolicy.With("default_max_output: 100", "default_max_output: 200"))).Version.Version;

        var diff = await policies.DiffPoliciesAsync(new DiffPoliciesRequest { FromVersion = from, ToVersion = to }, Gateway());

        var change = diff.Changes.ShouldHaveSingleItem();
        (change.Path, change.Before, change.After).ShouldBe(("routes.plain.default_max_output", "100", "200"));
        diff.Text.ShouldContain("@@ -16,7 +16,7 @@");
        diff.Text.ShouldContain("\n-    default_max_output: 100\n+    default_max_output: 200\n");
    }

    [Fact]
    public async Task A_dry_run_tells_what_moves_and_what_it_costs()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        await NextTableAsync(host.Watch());
        var now = await CreateAsync(policies, SamplePolicy.Yaml);
        await ActivateAsync(policies, now.Version.Version, expected: 1);
        await NextTableAsync(host.Watch(), $"{now.Version.Version}");
        var usage = new Usage { InputTokens = 1_000_000, OutputTokens = 1_000_000 };
        var request = new DryRunPolicyRequest
        {
            Draft = new PolicyDraft { Installation = SamplePolicy.With("chain: [deepseek/deepseek-flash, openai/gpt-4.1]", "chain: [openai/gpt-4.1]") },
            Sample =
            {
                new SampleRequest { RequestId = "moves", Currency = "CNY", Model = "plain", Usage = usage },
                new SampleRequest { RequestId = "stays", Currency = "CNY", Model = "openai/gpt-4.1", Usage = usage },
                new SampleRequest { RequestId = "unknown", Currency = "CNY", Model = "nothing", Usage = usage },
            },
        };

        var run = await policies.DryRunPolicyAsync(request, Gateway());

        (run.Requests, run.MovedRequests, run.UnplannedBefore, run.UnplannedAfter).ShouldBe((2, 1, 1, 1));
        var moved = run.Moved.ShouldHaveSingleItem();
        (moved.RequestId, moved.Before.Model, moved.After.Model).ShouldBe(("moves", "deepseek/deepseek-flash", "openai/gpt-4.1"));
        // One million tokens in and one out: the prices of the model themselves, 2 and 8 dollars, at the policy's rate of 7.
        (moved.After.Cost.Amount, moved.After.Cost.Currency).ShouldBe(("70", "CNY"));
        run.Costs.ShouldHaveSingleItem().Difference.ShouldBe(moved.Difference);
    }

    [Fact]
    public async Task Nodes_are_shown_with_what_they_plan_by_and_who_is_behind()
    {
        await using var host = await RoutingHost.StartAsync(_settings);
        var policies = new Client(host.Channel);
        await NextTableAsync(host.Watch());
        await policies.AcknowledgeRouteTableAsync(new AcknowledgeRouteTableRequest { Node = "a", TableVersion = "1-x", PolicyVersion = "1" }, Gateway());
        await policies.AcknowledgeRouteTableAsync(new AcknowledgeRouteTableRequest { Node = "b", TableVersion = "0-y", PolicyVersion = "0" }, Gateway());

        var nodes = await policies.ListPolicyNodesAsync(new ListPolicyNodesRequest(), Gateway());

        nodes.ActiveVersion.ShouldBe(1);
        nodes.Nodes.Select(n => (n.Node, n.TableVersion, n.State)).ShouldBe([("a", "1-x", PolicyNodeState.Current), ("b", "0-y", PolicyNodeState.Behind)]);
    }

    [Fact]
    public async Task A_start_without_the_database_serves_the_last_good_version_with_its_overlays()
    {
        string version;
        await using (var host = await RoutingHost.StartAsync(_settings))
        {
            var policies = new Client(host.Channel);
            using var watch = host.Watch();
            await NextTableAsync(watch);
            var draft = new PolicyDraft { Installation = SamplePolicy.Yaml, Overlays = { ["acme"] = "label: acme\ndeny: [\"openai/*\"]" } };
            var made = await policies.CreatePolicyAsync(new CreatePolicyRequest { Draft = draft, Author = "tester" }, Gateway());
            await ActivateAsync(policies, made.Version.Version, expected: 1);
            version = (await NextTableAsync(watch)).Version;
        }

        await using var cold = await RoutingHost.StartAsync(("Routing:DataDirectory", _folder.FullName));

        var table = await NextTableAsync(cold.Watch());
        table.Version.ShouldBe(version);
        table.TenantRoutes["acme"].Closed.ShouldContain("openai/gpt-4.1");
    }

    [Fact]
    public async Task Only_the_gateway_may_ask()
    {
        await using var host = await RoutingHost.StartAsync(_settings);

        var refused = await Should.ThrowAsync<RpcException>(() => new Client(host.Channel).ListPoliciesAsync(new ListPoliciesRequest(), host.Options()).ResponseAsync);

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    private static Task<CreatePolicyResponse> CreateAsync(Client policies, string yaml) =>
        policies.CreatePolicyAsync(new CreatePolicyRequest { Draft = new PolicyDraft { Installation = yaml }, Author = "tester" }, Gateway()).ResponseAsync;

    private static Task<PolicyActivation> ActivateAsync(Client policies, long version, long expected) =>
        policies.ActivatePolicyAsync(new ActivatePolicyRequest { Version = version, ExpectedActiveVersion = expected, Author = "tester" }, Gateway()).ResponseAsync;

    private static CallOptions Gateway()
    {
        var identity = Options.Create(new ServiceIdentityOptions { SigningKey = RoutingHost.SigningKey });
        return new InternalCalls(new ServiceTokens(identity, new ServiceInfo("gateway", "0"), TimeProvider.System), TimeProvider.System).For("", "admin", TimeSpan.FromSeconds(20), Cancellation);
    }

    private async Task DropAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(services.AdminConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = dataSource.CreateCommand("DROP DATABASE IF EXISTS routing WITH (FORCE)");
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task<RouteTable> NextTableAsync(AsyncServerStreamingCall<RouteTableUpdate> watch, string? policyVersion = null)
    {
        while (await watch.ResponseStream.MoveNext(Cancellation))
            if (watch.ResponseStream.Current.Table is { } table && (policyVersion is null || table.PolicyVersion == policyVersion)) return table;
        throw new InvalidOperationException("The stream of tables ended.");
    }
}
