using Npgsql;
using Orchestration.Metrics.Recording;

namespace Orchestration.Metrics.Tests.Recording;

public sealed class DatabaseFaultsTests
{
    [Theory]
    [InlineData("08006")]
    [InlineData("53100")]
    [InlineData("55P03")]
    [InlineData("57P01")]
    [InlineData("42P01")]
    [InlineData("42703")]
    [InlineData("42501")]
    [InlineData("0A000")]
    [InlineData("XX000")]
    [InlineData("28P01")]
    [InlineData("3D000")]
    [InlineData("25006")]
    public void Database_that_is_away_is_waited_for(string sqlState) => Kinds(sqlState).ShouldBe((true, false, false));

    [Theory]
    [InlineData("22003")]
    [InlineData("23514")]
    [InlineData("54000")]
    [InlineData("P0001")]
    public void Any_other_answer_leads_to_the_event_that_causes_it(string sqlState) => Kinds(sqlState).ShouldBe((false, true, false));

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public void Collision_is_no_event_s_fault(string sqlState)
    {
        var (_, data, collision) = Kinds(sqlState);

        (data, collision).ShouldBe((false, true));
    }

    [Fact]
    public void Broken_connection_is_waited_for()
    {
        DatabaseFaults.IsOutage(new NpgsqlException("broken", new IOException())).ShouldBeTrue();
        DatabaseFaults.IsDataFault(new NpgsqlException("broken", new IOException())).ShouldBeFalse();
    }

    private static (bool Outage, bool Data, bool Collision) Kinds(string sqlState)
    {
        var exception = new PostgresException("scripted", "ERROR", "ERROR", sqlState);
        return (DatabaseFaults.IsOutage(exception), DatabaseFaults.IsDataFault(exception), DatabaseFaults.IsCollision(exception));
    }
}
