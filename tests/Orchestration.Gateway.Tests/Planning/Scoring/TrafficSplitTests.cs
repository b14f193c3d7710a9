using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Planning.Scoring;
using static Orchestration.Gateway.Tests.Planning.Scoring.ScoringSamples;

namespace Orchestration.Gateway.Tests.Planning.Scoring;

public sealed class TrafficSplitTests
{
    private const ulong SeedOfSession = 8361876724510355133;

    [Fact]
    public async Task Shares_hold_over_many_requests_and_the_other_arm_follows()
    {
        var samples = new ScoringSamples(Split(9_500, 500));
        var canaries = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var order = await samples.OrderAsync(Request(keys: RequestKeys.Of("acme", "", $"user-{i}", "", new ChatRequest())));
            order.Count.ShouldBe(2);
            canaries += order[0] == "canary" ? 1 : 0;
        }

        // Four standard deviations of 20,000 draws at 5 %.
        canaries.ShouldBeInRange(1_000 - 123, 1_000 + 123);
    }

    [Fact]
    public async Task A_session_meets_one_arm_in_every_gateway()
    {
        var keys = RequestKeys.Of("acme", "session-1", "somebody", "request-1", new ChatRequest());
        var other = RequestKeys.Of("acme", "session-1", "", "request-2", new ChatRequest());

        other.ShouldBe(keys);
        (await new ScoringSamples(Split(5_000, 5_000)).OrderAsync(Request(keys: keys))).ShouldBe(await new ScoringSamples(Split(5_000, 5_000)).OrderAsync(Request(keys: other)));
        // Of the text alone, so that it never changes between processes or releases.
        keys.Seed.ShouldBe(SeedOfSession);
    }

    [Fact]
    public async Task A_larger_share_keeps_whom_it_had()
    {
        var (before, after) = (new ScoringSamples(Split(9_000, 1_000)), new ScoringSamples(Split(8_000, 2_000)));
        for (var i = 0; i < 500; i++)
        {
            var request = Request(keys: RequestKeys.Of("acme", $"session-{i}", "", "", new ChatRequest()));
            if ((await before.OrderAsync(request))[0] == "canary")
                (await after.OrderAsync(request))[0].ShouldBe("canary");
        }
    }

    private static RouteTable Split(int stable, int canary)
    {
        var table = Table(new ScoreWeights { Economy = 1 }, ("stable", "1", 0.5), ("canary", "2", 0.5));
        table.Routes[ScoringSamples.Route].Choice = new ChoiceRules
        {
            Split =
            {
                new SplitArm { BasisPoints = stable, Deployments = { "stable" } },
                new SplitArm { BasisPoints = canary, Deployments = { "canary" } },
            },
        };
        return table;
    }
}
