using System.Text;
using Orchestration.Routing.Policy;
using Orchestration.Testing;
using static Orchestration.Routing.Tests.Policy.PolicySamples;

namespace Orchestration.Routing.Tests.Policy;

public sealed class PolicyTests
{
    public static TheoryData<int, string, string> Mistakes => new(SamplePolicy.Wrong.Select(wrong => (wrong.Line, wrong.Path, wrong.Yaml)));

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistake_is_told_with_line_and_path(int line, string path, string yaml)
    {
        var refused = Should.Throw<InvalidPolicyException>(() => Checked(yaml));

        refused.Errors.ShouldContain(e => e.Line == line && e.Path == path, refused.Message);
        refused.Errors.ShouldAllBe(e => e.Column > 0);
    }

    [Fact]
    public void Rules_of_hedging_draining_and_larger_contexts_are_read()
    {
        const string Rules = "hedge_after: 800ms, hedge_spend_percent: 12, drain_tokens: 300, refuse_larger_context: true";

        var execution = Checked(With("idle_timeout: 500ms", Rules)).Routes.Single(r => r.Name == "plain").Execution;

        (execution.HedgeAfter, execution.HedgeSpendPercent, execution.DrainTokens, execution.RefuseLargerContext)
            .ShouldBe((TimeSpan.FromMilliseconds(800), 12, 300, true));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var yaml = With("\"7\"", "\"0\"").Replace("moonshot/kimi-k2.6", "moonshot/none", StringComparison.Ordinal).Replace("best: auto", "best: nowhere", StringComparison.Ordinal);

        Should.Throw<InvalidPolicyException>(() => Checked(yaml)).Errors.Select(e => e.Line).ShouldBe([3, 15, 26]);
    }

    [Fact]
    public void Caps_hold_before_anything_is_compared()
    {
        var yaml = new StringBuilder("label: big\nroutes:\n");
        for (var i = 0; i < 10_001; i++) yaml.Append("  r").Append(i).Append(": { chain: [openai/gpt-4.1] }\n");

        Should.Throw<InvalidPolicyException>(() => Checked(yaml.ToString())).Errors.ShouldHaveSingleItem().Path.ShouldBe("routes");
        Should.Throw<InvalidPolicyException>(() => Checked("label: " + new string('x', PolicyReader.MostCharacters))).Errors.ShouldHaveSingleItem().Message.ShouldContain("4 MiB");
    }

    [Fact]
    public void Sample_and_shipped_policy_are_right()
    {
        Checked().Routes.Select(r => r.Name).ShouldBe(["auto", "plain", "vectors"]);
        Checked(PolicyReader.ReadShippedText()).Label.ShouldBe("shipped-1");
    }

    [Fact]
    public void Rules_of_a_route_stand_over_those_of_the_policy_and_those_over_the_defaults()
    {
        var below = new ExecutionPolicy { MaxAttempts = 4, IdleTimeout = TimeSpan.FromSeconds(9) };

        var rules = new ExecutionPolicy { MaxAttempts = 2 }.Over(below).Over(ExecutionPolicy.Default);

        rules.MaxAttempts.ShouldBe(2);
        rules.IdleTimeout.ShouldBe(TimeSpan.FromSeconds(9));
        rules.ConnectTimeout.ShouldBe(ExecutionPolicy.Default.ConnectTimeout);
    }
}
