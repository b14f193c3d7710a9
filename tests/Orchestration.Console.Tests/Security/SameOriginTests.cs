using System.Net;
using System.Net.WebSockets;
using Orchestration.Console.Tests.Hosting;

namespace Orchestration.Console.Tests.Security;

public sealed class SameOriginTests(ConsoleFixture fixture)
{
    private readonly HttpClient _browser = fixture.Console.Browser();

    private string Own => fixture.Console.Address.GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Form_of_another_origin_ends_no_session(string header, string value)
    {
        await _browser.SignInAsync();

        (await _browser.SignOutAsync((header, value))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await _browser.OpenAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Own_form_signs_out()
    {
        await _browser.SignInAsync();

        (await _browser.SignOutAsync(("Origin", Own), ("Sec-Fetch-Site", "same-origin"))).ShouldRedirectTo("/signed-out");
    }

    [Fact]
    public async Task Own_form_signs_out_of_a_browser_without_fetch_metadata()
    {
        await _browser.SignInAsync();

        (await _browser.SignOutAsync(("Origin", Own))).ShouldRedirectTo("/signed-out");
    }

    [Fact]
    public async Task Own_page_may_go_live() => (await ConnectAsync(Own)).ShouldBe(HttpStatusCode.SwitchingProtocols);

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Page_of_another_origin_may_not(string origin) => (await ConnectAsync(origin)).ShouldBe(HttpStatusCode.Forbidden);

    private async Task<HttpStatusCode> ConnectAsync(string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin);
        var address = new UriBuilder(new Uri(fixture.Console.Address, "/_blazor")) { Scheme = "ws" }.Uri;
        try
        {
            await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The status tells why.
        }

        return socket.HttpStatusCode;
    }
}
