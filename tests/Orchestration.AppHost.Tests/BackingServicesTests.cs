using Npgsql;
using Orchestration.Testing;

namespace Orchestration.AppHost.Tests;

public sealed class BackingServicesTests(BackingServices services)
{
    [Fact]
    public async Task Databases_are_empty_apart_and_know_vectors()
    {
        var first = await services.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        var second = await services.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        await ScalarAsync(first, "CREATE TABLE only_here (id int)");

        (await ScalarAsync(first, "CREATE EXTENSION vector; SELECT ('[0,3]'::vector <-> '[4,0]'::vector)")).ShouldBe(5.0);
        (await ScalarAsync(second, "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Two_users_share_the_servers_but_not_the_virtual_host()
    {
        await services.EnsureAsync(BackingService.Redis | BackingService.RabbitMq, TestContext.Current.CancellationToken);
        await using var other = await BackingServices.StartAsync(BackingService.Redis | BackingService.RabbitMq, TestContext.Current.CancellationToken);

        other.RedisConnectionString.ShouldBe(services.RedisConnectionString);
        var (mine, theirs) = (new Uri(services.MessagingConnectionString), new Uri(other.MessagingConnectionString));
        theirs.Authority.ShouldBe(mine.Authority);
        theirs.AbsolutePath.ShouldNotBe(mine.AbsolutePath);
    }

    [Fact]
    public async Task Many_users_may_come_in_the_same_second()
    {
        var coming = Enumerable.Range(0, 12).Select(_ => BackingServices.StartAsync(BackingService.RabbitMq, TestContext.Current.CancellationToken)).ToList();

        var users = await Task.WhenAll(coming);

        users.Select(user => user.MessagingConnectionString).Distinct().Count().ShouldBe(users.Length);
        foreach (var user in users)
            await user.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_asked_for_is_not_there()
    {
        await using var nothing = await BackingServices.StartAsync(BackingService.None, TestContext.Current.CancellationToken);

        Should.Throw<InvalidOperationException>(() => nothing.AdminConnectionString).Message.ShouldContain(nameof(BackingServices.EnsureAsync));
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
