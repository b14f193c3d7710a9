using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ingest;

/// <summary>Publishes events as fast as the broker confirms them while Metrics records them, and compares the sums.</summary>
internal sealed class IngestMeasurement(IngestPlan plan)
{
    // What is asked for is a rate that lasts: by then the hot code has been compiled for good.
    private const int WarmUp = 15_000;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var stores = await BackingServices.StartAsync(BackingService.Postgres | BackingService.RabbitMq, cancellationToken);
        await using var metrics = await MetricsProcess.StartAsync(stores, stores.MessagingConnectionString, cancellationToken);
        using var host = Publisher(stores.MessagingConnectionString);
        await host.StartAsync(cancellationToken);
        var bus = host.Services.GetRequiredService<IBusControl>();
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);

        // The run's tenants are its own: the database may have seen runs before.
        var tenants = string.Create(CultureInfo.InvariantCulture, $"i{Guid.CreateVersion7():N}-");
        var traffic = new IngestTraffic(tenants, seed: 42);
        await QueueAsync(stores.MessagingConnectionString, cancellationToken);
        await PublishAsync(bus, traffic, WarmUp, 0, cancellationToken);
        await UntilRecordedAsync(metrics.Database, traffic, tenants, cancellationToken);

        var start = TimeProvider.System.GetTimestamp();
        await PublishAsync(bus, traffic, plan.Requests, WarmUp * 4, cancellationToken);
        var published = TimeProvider.System.GetElapsedTime(start);
        var complete = await UntilRecordedAsync(metrics.Database, traffic, tenants, cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(start);
        await host.StopAsync(cancellationToken);
        return await JudgeAsync(metrics.Database, traffic, tenants, published, took, complete, cancellationToken);
    }

    private async Task<int> JudgeAsync(
        NpgsqlDataSource database, IngestTraffic traffic, string tenants, TimeSpan published, TimeSpan took, bool complete, CancellationToken cancellationToken)
    {
        var rate = plan.Requests * 4 / took.TotalSeconds;
        var verdict = new Verdict("ingest");
        verdict.Add($"{rate:0} events/s over {took.TotalSeconds:0.0} s ({plan.Requests * 4} events, published within {published.TotalSeconds:0.0} s)");
        verdict.Require(complete, $"not everything was recorded within {plan.Drain.TotalSeconds:0} s");
        if (plan.MinRate is { } bar)
            verdict.Require(rate >= bar, string.Create(CultureInfo.InvariantCulture, $"{rate:0} events/s, the bar is {bar:0}"));

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("sums of", "requests", "attempts", "cost", "billed", "input", "output");
        Row(table, "what was sent", traffic.Told);
        foreach (var (place, query) in IngestTotals.Places)
        {
            var totals = await IngestTotals.ReadAsync(database, query, tenants, cancellationToken);
            Row(table, place, totals);
            verdict.Require(totals == traffic.Told, $"{place}: the sums are not those of what was sent");
        }

        AnsiConsole.Write(table);
        verdict.Add($"sums compared {IngestTotals.Places.Count}");
        return verdict.Close();
    }

    private async Task<bool> UntilRecordedAsync(NpgsqlDataSource database, IngestTraffic traffic, string tenants, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < plan.Drain)
        {
            var totals = await IngestTotals.ReadAsync(database, IngestTotals.Places["days by total"], tenants, cancellationToken);
            if (totals.Requests >= traffic.Told.Requests && totals.Attempts >= traffic.Told.Attempts)
                return true;
            // Asking costs the database more than the quarter of a second costs the figure.
            await Task.Delay(250, cancellationToken);
        }

        return false;
    }

    private static async Task PublishAsync(IBus bus, IngestTraffic traffic, int requests, long sequence, CancellationToken cancellationToken)
    {
        foreach (var batch in traffic.Batches(requests))
        {
            await bus.Publish(new LedgerBatch { Instance = "gateway-0", FirstSequence = sequence, Events = batch }, cancellationToken);
            sequence += batch.Length;
        }
    }

    /// <summary>Waits for the queue: what is published before it stands would go nowhere.</summary>
    private static async Task QueueAsync(string messaging, CancellationToken cancellationToken)
    {
        var factory = new RabbitMQ.Client.ConnectionFactory { Uri = new Uri(messaging) };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        for (var tries = 0; ; tries++)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                if (await channel.ConsumerCountAsync("ledger", cancellationToken) > 0)
                    return;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException) when (tries < 600)
            {
                // Not declared yet.
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static IHost Publisher(string messaging)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("ConnectionStrings:messaging", messaging)]);
        builder.Services.AddSingleton(new ServiceInfo(ResourceNames.Gateway, "0"));
        builder.AddMessaging();
        return builder.Build();
    }

    private static void Row(Table table, string name, IngestTotals totals) => table.AddRow(
        name,
        totals.Requests.ToString(CultureInfo.InvariantCulture),
        totals.Attempts.ToString(CultureInfo.InvariantCulture),
        totals.Cost.ToString(CultureInfo.InvariantCulture),
        totals.Billed.ToString(CultureInfo.InvariantCulture),
        totals.Input.ToString(CultureInfo.InvariantCulture),
        totals.Output.ToString(CultureInfo.InvariantCulture));
}
