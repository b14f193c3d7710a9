using System.Collections.Concurrent;
using MassTransit;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Testing;

namespace Orchestration.Gateway.Tests.Tenants;

public sealed class ExpiryWatchTests(GatewayFixture fixture)
{
    private readonly ConcurrentQueue<ClientKeyExpiring> _told = new();

    [Fact]
    public async Task End_of_a_key_is_told_once_before_it_comes_and_so_is_that_it_comes_no_more()
    {
        await using var services = await BackingServices.StartAsync(BackingService.RabbitMq, TestContext.Current.CancellationToken);
        var bus = Bus.Factory.CreateUsingRabbitMq(configuration =>
        {
            configuration.Host(new Uri(services.MessagingConnectionString));
            configuration.ReceiveEndpoint("heard-by-the-test", endpoint => endpoint.Handler<ClientKeyExpiring>(context =>
            {
                _told.Enqueue(context.Message);
                return Task.CompletedTask;
            }));
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        var settings = fixture.SecondGateway() with
        {
            More = new Dictionary<string, string?> { ["Keys:ExpiryLookEvery"] = "00:00:00.200", ["ConnectionStrings:messaging"] = services.MessagingConnectionString },
        };
        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);
        var tenant = await gateway.NewTenantAsync();
        var end = TimeProvider.System.GetUtcNow().AddDays(3);
        var (soon, _) = await gateway.NewKeyAsync(tenant, new() { ["expiresAt"] = end });
        var (revoked, _) = await gateway.NewKeyAsync(tenant, new() { ["expiresAt"] = end.AddDays(1) });
        await gateway.NewKeyAsync(tenant, new() { ["expiresAt"] = end.AddDays(30) });
        await gateway.NewKeyAsync(tenant);
        await Eventually.HoldsAsync(() => Told(tenant).Count == 2, TestContext.Current.CancellationToken);
        Told(tenant).ShouldAllBe(news => news.Expiring && news.ProjectId == "default" && news.Name == "Test");
        Told(tenant).Single(news => news.KeyId == soon).ExpiresAt.ShouldBe(end, TimeSpan.FromMilliseconds(1));

        await gateway.Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{soon}", new { expiresAt = end.AddDays(1) });
        await Eventually.HoldsAsync(() => Told(tenant).Count == 3, TestContext.Current.CancellationToken);
        await gateway.Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{soon}", new { noExpiry = true });
        await gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{revoked}:revoke", new { });
        await Eventually.HoldsAsync(() => Told(tenant).Count == 5, TestContext.Current.CancellationToken);

        Told(tenant).Where(news => news.KeyId == soon).Select(news => news.Expiring).ShouldBe([true, true, false]);
        Told(tenant).Where(news => news.KeyId == revoked).Select(news => news.Expiring).ShouldBe([true, false]);
        await bus.StopAsync(CancellationToken.None);
    }

    private List<ClientKeyExpiring> Told(string tenant) => [.. _told.Where(news => news.TenantId == tenant)];
}
