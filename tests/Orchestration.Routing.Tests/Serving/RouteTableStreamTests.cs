using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Messages;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Serving;

public sealed class RouteTableStreamTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TableSamples.Now);
    private readonly RouteTablePublisher _publisher = new();
    private readonly HealthView _health;
    private readonly Channel<RouteTableUpdate> _written = Channel.CreateUnbounded<RouteTableUpdate>();
    private readonly CancellationTokenSource _gateway = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public RouteTableStreamTests() => _health = new HealthView();

    [Fact]
    public async Task Table_comes_first_and_the_next_one_after_a_change()
    {
        _publisher.Publish(TableSamples.Shipped());
        _ = RunAsync(knownVersion: "");

        (await NextAsync()).Table.Version.ShouldBe(TableSamples.Shipped().Table.Version);
        _publisher.Publish(TableSamples.Shipped("deepseek"));
        (await NextAsync()).Table.Version.ShouldBe(TableSamples.Shipped("deepseek").Table.Version);
    }

    [Fact]
    public async Task A_gateway_that_comes_before_the_first_table_waits_for_it()
    {
        _ = RunAsync(knownVersion: "old");
        _written.Reader.TryRead(out _).ShouldBeFalse();

        _publisher.Publish(TableSamples.Shipped());

        (await NextAsync()).Table.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_version_that_is_known_is_not_sent_again()
    {
        _publisher.Publish(TableSamples.Shipped());
        _ = RunAsync(TableSamples.Shipped().Table.Version);

        _publisher.Publish(TableSamples.Shipped("openai"));

        (await NextAsync()).Table.Version.ShouldBe(TableSamples.Shipped("openai").Table.Version);
    }

    [Fact]
    public async Task Health_comes_at_most_once_a_second_and_only_what_changed()
    {
        var (first, second, third) = ("deepseek/deepseek-flash@simulated", "openai/gpt-4.1@simulated", "moonshot/kimi-k3@simulated");
        _publisher.Publish(TableSamples.Shipped());
        _ = RunAsync(TableSamples.Shipped().Table.Version);

        Take(first, "cooling", 0);
        (await NextAsync()).Health.Deployments.ShouldHaveSingleItem().State.ShouldBe(HealthState.Cooling);

        Take(second, "probing", 1);
        Take(third, "cooling", 2);
        Take(first, "healthy", 3);
        _time.Advance(TimeSpan.FromMilliseconds(900));
        _written.Reader.TryRead(out _).ShouldBeFalse();

        // The stream sets its timer in the background: time moves on until it has.
        RouteTableUpdate? delta;
        while (!_written.Reader.TryRead(out delta))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        delta.Health.Deployments.Select(d => (d.Deployment, d.State)).ShouldBe([(second, HealthState.Probing), (third, HealthState.Cooling), (first, HealthState.Healthy)]);
    }

    [Fact]
    public async Task A_new_gateway_hears_of_every_deployment_that_is_not_healthy()
    {
        Take("deepseek/deepseek-flash@simulated", "cooling", 0);
        Take("openai/gpt-4.1@simulated", "healthy", 0);
        Take("not/in-the-table", "cooling", 0);
        Take("openai/gpt-5.4@simulated", "open", 0);
        _publisher.Publish(TableSamples.Shipped());
        _ = RunAsync(knownVersion: "");

        (await NextAsync()).Table.ShouldNotBeNull();
        // An open one stays in plans: who is left alone is decided where they are executed.
        (await NextAsync()).Health.Deployments.Select(d => (d.Deployment, d.State))
            .ShouldBe([("deepseek/deepseek-flash@simulated", HealthState.Cooling), ("openai/gpt-5.4@simulated", HealthState.Probing)]);
    }

    [Fact]
    public void Older_news_do_not_overwrite_newer()
    {
        Take("d", "cooling", 5);
        Take("d", "healthy", 4);

        var news = _health.Since(0, _ => true).Changes.ShouldHaveSingleItem();
        news.State.ShouldBe(HealthState.Cooling);
        news.Reason.ShouldContain("rate_limited");
    }

    public void Dispose()
    {
        _gateway.Cancel();
        _gateway.Dispose();
    }

    private Task RunAsync(string knownVersion) =>
        new RouteTableStream(_publisher, _health, _time).RunAsync(knownVersion, (update, token) => _written.Writer.WriteAsync(update, token).AsTask(), _gateway.Token);

    private ValueTask<RouteTableUpdate> NextAsync() => _written.Reader.ReadAsync(TestContext.Current.CancellationToken);

    private void Take(string deployment, string state, int second) => _health.Take(new DeploymentHealthChanged
    {
        Deployment = deployment,
        State = state,
        Reason = state == "healthy" ? "" : "rate_limited",
        Until = state == "healthy" ? null : TableSamples.Now.AddMinutes(1),
        ChangedAt = TableSamples.Now.AddSeconds(second),
    });
}
