using System.Net;
using Orchestration.Console.Tests.Hosting;

namespace Orchestration.Console.Tests.Security;

public sealed class SecurityHeadersTests(ConsoleFixture fixture)
{
    private readonly HttpClient _browser = fixture.Console.Browser();

    [Theory]
    [InlineData("/")]
    [InlineData("/signed-out")]
    [InlineData("/signin?token=wrong")]
    [InlineData("/no-such-page")]
    [InlineData("/console.css")]
    [InlineData("/alive")]
    public async Task Every_answer_says_what_a_browser_may_do_with_it(string address)
    {
        var response = await _browser.OpenAsync(address);

        var policies = response.Header("Content-Security-Policy").Split("; ");
        policies.ShouldContain("default-src 'none'");
        policies.ShouldContain("script-src 'self'");
        policies.ShouldContain("connect-src 'self'");
        policies.ShouldContain("frame-ancestors 'none'");
        response.Headers.GetValues("Content-Security-Policy").Count().ShouldBe(1);
        response.Header("X-Content-Type-Options").ShouldBe("nosniff");
        response.Header("Referrer-Policy").ShouldBeOneOf("same-origin", "no-referrer");
        response.Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        response.Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        response.Header("Server").ShouldBe("");
    }

    [Fact]
    public async Task Page_keeps_to_its_own_policy()
    {
        await _browser.SignInAsync();

        var page = await (await _browser.OpenAsync("/")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        page.ShouldContain("_framework/blazor.web.");
        page.ShouldNotMatch("<script(?![^>]*\\ssrc=)[^>]*>", "a script in the page itself is refused");
        page.ShouldNotMatch("\\son[a-z]+=\"", "a handler in the page itself is refused");
        page.ShouldNotMatch("(src|href)=\"(https?:)?//", "another origin's assets are refused");
    }

    [Fact]
    public async Task Every_asset_that_the_page_names_is_served()
    {
        var page = await (await _browser.OpenAsync("/signed-out")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var assets = System.Text.RegularExpressions.Regex.Matches(page, "(?:src|href)=\"([^\"]+\\.(?:css|js))\"").Select(match => match.Groups[1].Value).ToList();

        assets.Count.ShouldBe(4);
        foreach (var asset in assets)
        {
            var response = await _browser.OpenAsync($"/{asset}");
            response.StatusCode.ShouldBe(HttpStatusCode.OK, asset);
            response.Content.Headers.ContentType!.MediaType.ShouldBe(asset.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript");
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_is_told_without_a_session(string address) =>
        (await _browser.OpenAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
}
