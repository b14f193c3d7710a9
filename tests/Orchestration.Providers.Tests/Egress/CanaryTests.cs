using System.Net;
using System.Net.Sockets;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Egress;

public sealed class CanaryTests(ProvidersFixture fixture)
{
    [Theory]
    [InlineData("http://127.0.0.1:{0}/v1", "groq")]
    [InlineData("https://127.0.0.1:{0}/v1", "groq")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/v1", "groq")]
    [InlineData("https://localhost:{0}/v1", "groq")]
    [InlineData("https://api.groq.com@127.0.0.1:{0}/v1", "groq")]
    [InlineData("http://2130706433:{0}/v1", "groq")]
    public async Task No_connection_reaches_a_listener_that_nobody_allowed(string url, string provider)
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var candidate = Plans.Candidate("canary", string.Format(System.Globalization.CultureInfo.InvariantCulture, url, ((IPEndPoint)canary.LocalEndpoint).Port), simulated: false);
        candidate.Deployment.Provider = provider;

        var answer = await Answer.OfAsync(fixture, Plans.Plan(candidate));

        answer.Error!.Code.ShouldBe("egress_refused");
        canary.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task Redirect_is_not_followed_to_a_listener()
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var target = $"http://127.0.0.1:{((IPEndPoint)canary.LocalEndpoint).Port}/v1";
        var url = fixture.Upstream.Script("canary-redirect", e => e.ReplyAsync(307, "text/plain", "", $"Location: {target}"));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("canary-redirect", url)));

        answer.Error!.Code.ShouldBe("upstream_redirect");
        canary.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "egress_refused")]
    public async Task Local_model_server_is_reached_by_an_explicit_entry_of_host_and_port_only(bool samePort, string code)
    {
        await using var local = new ProvidersFixture();
        var url = local.Upstream.Script("local-model", OpenAIWire.AnswerAsync);
        local.Settings["Egress:AllowedHosts:0"] = $"127.0.0.1:{(samePort ? local.Upstream.Port : local.Upstream.Port + 1)}";
        await local.InitializeAsync();
        var candidate = Plans.Candidate("local-model", url, simulated: false);
        candidate.Deployment.Provider = "groq";

        var answer = await Answer.OfAsync(local, Plans.Plan(candidate));

        (answer.Error?.Code ?? "").ShouldBe(code);
        local.Upstream.Requests("local-model").Count.ShouldBe(samePort ? 1 : 0);
    }
}
