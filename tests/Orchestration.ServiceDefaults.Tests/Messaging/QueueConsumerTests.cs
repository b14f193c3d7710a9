using System.Threading.Channels;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orchestration.ServiceDefaults.Messaging;
using Orchestration.Testing;
using RabbitMQ.Client;

namespace Orchestration.ServiceDefaults.Tests.Messaging;

public sealed record Ping(string Text, int Failures = 0);

public sealed class QueueConsumerTests(BackingServices services)
{
    [Fact]
    public async Task Message_that_its_consumer_refuses_ends_in_the_error_queue()
    {
        await using var app = await StartAsync("refused", _ => throw new InvalidOperationException("no"));

        await PublishAsync(app, new Ping("bad"));

        (await ReadErrorAsync("refused")).ShouldContain("bad");
    }

    [Fact]
    public async Task Message_that_kills_its_consumers_ends_in_the_same_error_queue()
    {
        var app = await StartAsync("killer", _ => Task.CompletedTask);
        await app.StopAsync(TestContext.Current.CancellationToken);
        await using var connection = await ConnectAsync();
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            await channel.BasicPublishAsync("killer", "", "deadly"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        // A connection that dies with the message in hand is what the broker sees of a killed process.
        for (var death = 0; death <= QueueConsumerExtensions.DeliveryLimit; death++)
        {
            await TakeAndDieAsync("killer");
        }

        (await ReadErrorAsync("killer")).ShouldBe("deadly");
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Consumer_starts_again_on_the_queues_that_it_declared_and_filled_with_errors()
    {
        await using (var first = await StartAsync("again", _ => throw new InvalidOperationException("no")))
        {
            await PublishAsync(first, new Ping("one"));
            (await ReadErrorAsync("again")).ShouldContain("one");
        }

        var heard = Channel.CreateUnbounded<Ping>();
        await using var second = await StartAsync("again", ping => heard.Writer.WriteAsync(ping).AsTask());
        await PublishAsync(second, new Ping("two"));

        (await heard.Reader.ReadAsync(TestContext.Current.CancellationToken)).Text.ShouldBe("two");
    }

    [Fact]
    public async Task Outage_of_a_store_is_waited_for_and_not_held_against_the_message()
    {
        var attempts = 0;
        var heard = Channel.CreateUnbounded<Ping>();
        await using var app = await StartAsync("outage", ping => ++attempts <= 3
            ? throw new InvalidOperationException("wrapped", new NpgsqlException("away", new TimeoutException()))
            : heard.Writer.WriteAsync(ping).AsTask());

        await PublishAsync(app, new Ping("patient"));

        (await heard.Reader.ReadAsync(TestContext.Current.CancellationToken)).Text.ShouldBe("patient");
        attempts.ShouldBe(4);
    }

    [Fact]
    public async Task Host_starts_without_a_broker_and_is_degraded_but_ready()
    {
        var builder = TestSettings.CreateBuilder(("ConnectionStrings:messaging", "amqp://guest:guest@127.0.0.1:1"), ("urls", "http://127.0.0.1:0"));
        builder.AddServiceDefaults();
        builder.AddMessaging(bus => bus.AddQueueConsumer<PingConsumer>("nowhere"));
        builder.Services.AddSingleton<Func<Ping, Task>>(_ => Task.CompletedTask);
        await using var app = builder.Build();

        await app.StartAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        report.Entries["messaging"].Status.ShouldBe(HealthStatus.Degraded);
        await app.StopAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static async Task PublishAsync(WebApplication app, Ping ping) =>
        await app.Services.GetRequiredService<IBus>().Publish(ping, TestContext.Current.CancellationToken);

    private async Task<WebApplication> StartAsync(string queue, Func<Ping, Task> consume)
    {
        await services.EnsureAsync(BackingService.RabbitMq, TestContext.Current.CancellationToken);
        var builder = TestSettings.CreateBuilder(
            ("ConnectionStrings:messaging", services.MessagingConnectionString), ("urls", "http://127.0.0.1:0"));
        builder.AddServiceDefaults();
        builder.AddMessaging(bus => bus.AddQueueConsumer<PingConsumer>(queue));
        builder.Services.AddSingleton(consume);
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<IBusControl>()
            .WaitForHealthStatus(BusHealthStatus.Healthy, TestContext.Current.CancellationToken);
        return app;
    }

    private async Task<IConnection> ConnectAsync() => await new ConnectionFactory
    {
        Uri = new Uri(services.MessagingConnectionString),
    }.CreateConnectionAsync(TestContext.Current.CancellationToken);

    private async Task TakeAndDieAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await PollAsync(channel, queue);
    }

    private async Task<string> ReadErrorAsync(string queue)
    {
        await using var connection = await ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        var result = await PollAsync(channel, $"{queue}_error");
        await channel.BasicAckAsync(result.DeliveryTag, multiple: false, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(result.Body.Span);
    }

    private static async Task<BasicGetResult> PollAsync(IChannel channel, string queue)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, patience.Token) is { } result)
            {
                return result;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}

internal sealed class PingConsumer(Func<Ping, Task> consume) : IConsumer<Ping>
{
    public Task Consume(ConsumeContext<Ping> context) => consume(context.Message);
}
