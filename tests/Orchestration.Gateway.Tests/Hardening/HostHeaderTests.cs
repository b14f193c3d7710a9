using System.Text;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>What a client says of the host decides nothing: the matched endpoint and the listener do.</summary>
public sealed class HostHeaderTests(GatewayFixture fixture)
{
    private const string Proxied = "X-Forwarded-Host: localhost:8082\r\nX-Original-URL: /alive\r\nX-Rewrite-URL: /alive\r\nForwarded: host=localhost:8082\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("Host: a\r\nHost: b\r\n")]
    [InlineData("Host: a, b\r\n")]
    [InlineData("Host: a/../alive\r\n")]
    [InlineData("Host: user@a\r\n")]
    [InlineData("Host: a b\r\n")]
    public async Task Request_without_one_host_is_refused(string host) =>
        (await SayAsync(fixture.Gateway, "/alive", host)).ShouldBe(400);

    [Theory]
    [InlineData("Host: localhost:8082\r\n")]
    [InlineData("Host: /alive?x=/alive#\r\n")]
    [InlineData("Host: 127.0.0.1:{admin}\r\n")]
    [InlineData("Host: h\r\n" + Proxied)]
    public async Task No_host_opens_a_door_without_a_key(string host)
    {
        host = host.Replace("{admin}", $"{fixture.Gateway.AdminAddress.Port}", StringComparison.Ordinal);

        (await SayAsync(fixture.Gateway, "/v1/models", host)).ShouldBeOneOf(400, 401);
        (await SayAsync(fixture.Gateway, "/admin/v1/system", host, fixture.Gateway.Settings.AdminKey)).ShouldBeOneOf(400, 404);
    }

    [Theory]
    [InlineData("http://elsewhere/v1/models", "Host: elsewhere\r\n", 401)]
    [InlineData("http://elsewhere/v1/models", "Host: h\r\n", 400)]
    [InlineData("http://127.0.0.1/alive/../v1/models", "Host: 127.0.0.1\r\n", 401)]
    public async Task Host_of_a_whole_address_must_be_the_one_of_the_header(string target, string host, int expected) =>
        (await SayAsync(fixture.Gateway, target, host)).ShouldBe(expected);

    [Fact]
    public async Task Gateway_that_is_told_its_names_refuses_others()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["AllowedHosts"] = "api.example" } };
        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);

        (await SayAsync(gateway, "/v1/models", "Host: api.example\r\n")).ShouldBe(401);
        (await SayAsync(gateway, "/v1/models", "Host: other.example\r\n", settings.ClientKey)).ShouldBe(400);
        (await SayAsync(gateway, "/v1/models", "Host: other.example\r\nX-Forwarded-Host: api.example\r\n", settings.ClientKey)).ShouldBe(400);
    }

    private static async Task<int> SayAsync(GatewayHost gateway, string target, string host, string key = "")
    {
        var credential = key.Length > 0 ? $"Authorization: Bearer {key}\r\n" : "";
        var words = Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\n{host}{credential}Connection: close\r\n\r\n");
        return RawAnswer.Read(await RawConnection.SayAsync(gateway.HttpAddress, words, ends: false, TestContext.Current.CancellationToken)).ShouldHaveSingleItem().Status;
    }
}
