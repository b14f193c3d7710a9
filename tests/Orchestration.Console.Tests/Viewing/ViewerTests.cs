using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Console.Viewing;
using Orchestration.Contracts.Accounts.V1;

namespace Orchestration.Console.Tests.Viewing;

public sealed class ViewerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly Viewer _viewer = new(new FakeTimeProvider(Noon));

    [Fact]
    public void Moment_of_today_is_a_time_on_the_viewers_clock()
    {
        _viewer.Become(new Operator(), "Asia/Shanghai");

        _viewer.Moment(Noon.ToTimestamp()).ShouldBe("20:00:00");
        _viewer.FullMoment(Noon.ToTimestamp()).ShouldBe("2026-11-22 20:00:00.000 +08:00");
    }

    [Fact]
    public void Moment_of_another_day_has_its_date()
    {
        _viewer.Become(new Operator(), "Asia/Shanghai");

        _viewer.Moment(Noon.AddHours(5).ToTimestamp()).ShouldBe("2026-11-23 01:00:00");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nowhere/Town")]
    public void Zone_that_is_unknown_is_utc(string zone)
    {
        _viewer.Become(new Operator(), zone);

        _viewer.Zone.ShouldBe(TimeZoneInfo.Utc);
    }

    [Theory]
    [InlineData(OperatorRole.Owner, true, true, true, true, true)]
    [InlineData(OperatorRole.Operator, true, true, true, false, true)]
    [InlineData(OperatorRole.TeamAdmin, false, true, false, true, false)]
    [InlineData(OperatorRole.Finance, false, false, true, false, true)]
    [InlineData(OperatorRole.Viewer, false, false, false, false, true)]
    public void Role_decides_what_is_offered(OperatorRole role, bool operates, bool administers, bool changesMoney, bool audits, bool seesInstallation)
    {
        _viewer.Become(new Operator { Role = role }, "UTC");

        (_viewer.MayOperate, _viewer.MayAdministerTeams, _viewer.MayChangeMoney, _viewer.MayAudit, _viewer.SeesInstallation)
            .ShouldBe((operates, administers, changesMoney, audits, seesInstallation));
    }
}
