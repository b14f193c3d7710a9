using Orchestration.AppHost.Local.Running;

namespace Orchestration.AppHost.Tests;

public sealed class ConsoleTests
{
    [Fact]
    public async Task Lines_carry_their_resource_and_no_colours_when_redirected()
    {
        using var system = new ProbeSystem();
        system.AddProbe("probe");
        await system.StartAsync();

        // The probe answers before its lines have come through its pipe.
        SpinWait.SpinUntil(() => system.Output.Contains("probe is up", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        system.Output.ShouldContain("probe | info: probe is up");
        system.Output.ShouldNotContain('\u001b');
        system.Output.ShouldContain("RESOURCE  STATE");
    }

    [Fact]
    public void The_closing_words_hold_a_link_a_request_and_what_is_simulated()
    {
        using var system = new ProbeSystem($"--Parameters:{ParameterNames.SignInToken}=token", $"--Parameters:{ParameterNames.DevelopmentKey}=sk-orc_dev_x");
        system.AddProbe("gateway");
        system.AddProbe("console");
        PortPlan.Allocate(system.Builder.Resources, randomPorts: false);

        var lines = StartedMessage.Render([.. system.Builder.Resources], system.Settings, new ConsoleLog(TextWriter.Null, []), TimeSpan.FromSeconds(9)).ToList();

        lines.ShouldContain("  http://localhost:18095/signin?token=token");
        lines.ShouldContain("""  curl -N http://localhost:18095/v1/chat/completions -H 'Authorization: Bearer sk-orc_dev_x' -H 'Content-Type: application/json' -d '{"model":"auto","stream":true,"messages":[{"role":"user","content":"Hello"}]}'""");
        lines.ShouldContain(line => line.Contains("SIMULATED", StringComparison.Ordinal));
    }
}
