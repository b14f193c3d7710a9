using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Serving;
using Orchestration.Routing.Tests.Policy;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Serving;

public sealed class RoutingLoopTests : IDisposable
{
    private static readonly DateTimeOffset NewPrice = TableSamples.Now.AddMinutes(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("routing-loop-");
    private readonly FakeTimeProvider _time = new(TableSamples.Now);
    private readonly RouteTablePublisher _publisher = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public async Task A_price_that_begins_makes_a_new_table_at_its_first_instant()
    {
        var snapshots = new SnapshotFile(Options.Create(new RoutingOptions { DataDirectory = _folder.FullName }), NullLogger<SnapshotFile>.Instance);
        snapshots.Write(new Snapshot { PolicyVersion = "1", PolicyYaml = PolicyReader.ReadShippedText(), Catalogue = [.. PolicySamples.Catalogue.ToFiles().Select(WithNewPrice)] });
        var first = _publisher.Changed.Next;
        using var loop = Loop(snapshots);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await first.WaitAsync(TestContext.Current.CancellationToken);
        OutputPrice().ShouldBe("8");

        var second = _publisher.Changed.Next;
        while (!second.IsCompleted)
        {
            if (_time.GetUtcNow() < NewPrice) OutputPrice().ShouldBe("8");
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        _time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(NewPrice);
        OutputPrice().ShouldBe("9");
        await loop.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Delete(recursive: true);
    }

    private string OutputPrice() => _publisher.Current!.Table.Deployments["openai/gpt-4.1@simulated"].Price.Tiers.Single(t => t.ServiceTier.Length == 0).Output;

    private static CatalogueFile WithNewPrice(CatalogueFile file) => file with
    {
        Models = [.. file.Models.Select(model => model.Id != "gpt-4.1" ? model : model with
        {
            Prices =
            [
                model.Prices[0] with { EffectiveTo = NewPrice },
                model.Prices[0] with { EffectiveFrom = NewPrice, Tiers = [new CatalogueTier { Input = "2", Output = "9" }] },
            ],
        })],
    };

    private RoutingLoop Loop(SnapshotFile snapshots)
    {
        var nowhere = new DbContextOptionsBuilder<RoutingDbContext>().UseNpgsql("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1").Options;
        var source = new StateSource(new RoutingStore(new PooledDbContextFactory<RoutingDbContext>(nowhere)), snapshots, _time, NullLogger<StateSource>.Instance);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("services:simulator:http:0", "http://127.0.0.1:8095")]).Build();
        return new RoutingLoop(
            source, snapshots, new VendorView(), _publisher, configuration, Options.Create(new RoutingOptions { VendorWait = TimeSpan.Zero }),
            new RoutingTelemetry(_meters.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), _time, NullLogger<RoutingLoop>.Instance);
    }
}
