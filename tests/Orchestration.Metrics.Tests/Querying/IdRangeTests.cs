using Npgsql;
using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class IdRangeTests(MetricsFixture fixture) : IClassFixture<MetricsFixture>
{
    [Fact]
    public async Task First_id_of_an_instant_is_the_one_that_partitions_are_cut_by()
    {
        var instant = new DateTimeOffset(2026, 11, 1, 0, 0, 0, 123, TimeSpan.Zero);
        await using var command = fixture.Host.Database.CreateCommand("SELECT first_uuid_at($1)");
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = instant });

        ((Guid)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ShouldBe(IdRange.FirstAt(instant));
        IdRange.InstantOf(Guid.CreateVersion7(instant)).ShouldBe(instant);
        IdRange.InstantOf(Guid.AllBitsSet).Year.ShouldBe(9000);
    }
}
