using Google.Protobuf.Collections;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Tests.Tables;

namespace Orchestration.Routing.Tests.Policy;

public sealed class QueuePolicyTests
{
    [Fact]
    public void Nothing_waits_unless_the_policy_says_so() =>
        TableSamples.Sample(PolicySamples.Yaml).Table.Routes.Values.ShouldAllBe(route => route.Queue == null);

    [Fact]
    public void Rules_of_the_policy_hold_for_every_route_without_its_own()
    {
        var routes = Routes("queue: { longest: 2s }\n" + With("queue: { longest: 30s, waiting: 500 }"));

        (routes["plain"].Queue.Longest.ToTimeSpan(), routes["plain"].Queue.Waiting).ShouldBe((TimeSpan.FromSeconds(30), 500));
        (routes["auto"].Queue.Longest.ToTimeSpan(), routes["auto"].Queue.Waiting).ShouldBe((TimeSpan.FromSeconds(2), 100));
        routes["deepseek/deepseek-flash"].Queue.Waiting.ShouldBe(100);
    }

    [Fact]
    public void Route_may_be_without_a_queue_of_the_policy() =>
        Routes("queue: { longest: 2s }\n" + With("queue: { enabled: false }"))["plain"].Queue.ShouldBeNull();

    [Theory]
    [InlineData("queue: { waiting: 5 }", "routes.plain.queue.longest")]
    [InlineData("queue: { longest: 2m }", "routes.plain.queue.longest")]
    [InlineData("queue: { longest: 1s, waiting: 0 }", "routes.plain.queue.waiting")]
    [InlineData("queue: { longest: 1s, colour: red }", "routes.plain.queue.colour")]
    public void Mistake_is_told_with_its_path(string queue, string path) =>
        Should.Throw<InvalidPolicyException>(() => PolicySamples.Checked(With(queue))).Errors.ShouldContain(error => error.Path == path);

    private static MapField<string, Route> Routes(string yaml) => TableSamples.Sample(yaml).Table.Routes;

    private static string With(string queue) => PolicySamples.Yaml.Replace("default_max_output: 100", $"default_max_output: 100\n    {queue}", StringComparison.Ordinal);
}
