using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Console.Sessions;
using Orchestration.Console.Tests.Hosting;

namespace Orchestration.Console.Tests.Sessions;

public sealed class SignInTests(ConsoleFixture fixture)
{
    private readonly HttpClient _browser = fixture.Console.Browser();

    [Theory]
    [InlineData("/")]
    [InlineData("/requests")]
    [InlineData("/traces")]
    [InlineData("/traces/0123456789abcdef0123456789abcdef")]
    public async Task Page_is_not_shown_to_strangers(string page)
    {
        var response = await _browser.OpenAsync(page);

        response.ShouldRedirectTo($"/signed-out?ReturnUrl={Uri.EscapeDataString(page)}");
    }

    [Fact]
    public async Task Printed_link_opens_the_console()
    {
        var response = await _browser.SignInAsync();

        response.ShouldRedirectTo("/");
        var cookie = response.Header("Set-Cookie");
        cookie.ShouldStartWith($"{OperatorCookie.Name}=");
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        (await _browser.OpenAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _browser.OpenAsync("/requests")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Session_ends_with_the_admin_apis_and_its_secret_is_not_readable_in_the_cookie()
    {
        var cookie = (await _browser.SignInAsync()).Header("Set-Cookie");

        var expires = DateTimeOffset.Parse(
            cookie.Split("; ").Single(part => part.StartsWith("expires=", StringComparison.OrdinalIgnoreCase))["expires=".Length..],
            System.Globalization.CultureInfo.InvariantCulture);
        expires.ShouldBe(DateTimeOffset.UtcNow.AddHours(1), TimeSpan.FromMinutes(5));
        fixture.Admin.Sessions.Alive.Keys.ShouldAllBe(secret => !cookie.Contains(secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AdminApi.SignInToken)]
    [InlineData("wrong")]
    public async Task Address_with_the_token_is_neither_kept_nor_told_on(string token)
    {
        var response = await _browser.SignInAsync(token);

        response.Header("Referrer-Policy").ShouldBe("no-referrer");
        response.Header("Cache-Control").ShouldContain("no-store");
        response.Headers.Location!.ToString().ShouldNotContain(token);
    }

    [Theory]
    [InlineData("/signin?token=wrong")]
    [InlineData("/signin?token=")]
    [InlineData("/signin")]
    public async Task Wrong_token_opens_nothing(string address)
    {
        var response = await _browser.OpenAsync(address);

        response.ShouldRedirectTo("/signed-out?reason=link");
        response.Header("Set-Cookie").ShouldBe("");
    }

    [Fact]
    public async Task Sign_in_without_admin_api_says_that_it_is_away()
    {
        // Port 9 (discard) is not served on a test machine.
        await using var console = await ConsoleHost.StartAsync("http://127.0.0.1:9");
        using var browser = console.Browser();

        var response = await browser.SignInAsync();

        response.ShouldRedirectTo("/signed-out?reason=unavailable");
        response.Header("Set-Cookie").ShouldBe("");
        response.Header("Cache-Control").ShouldContain("no-store");
    }

    [Theory]
    [InlineData("/signed-out")]
    [InlineData("/signed-out?reason=link")]
    public async Task Signed_out_page_is_for_everybody(string page) =>
        (await _browser.OpenAsync(page)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Forged_cookie_opens_nothing()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"{OperatorCookie.Name}=CfDJ8forged");

        var response = await _browser.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Sign_out_drops_the_cookie()
    {
        await _browser.SignInAsync();

        var response = await _browser.SignOutAsync();

        response.ShouldRedirectTo("/signed-out");
        response.Header("Set-Cookie").ShouldStartWith($"{OperatorCookie.Name}=;");
        (await _browser.OpenAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Copied_cookie_is_worth_nothing_after_the_sign_out()
    {
        var cookie = (await _browser.SignInAsync()).Header("Set-Cookie").Split(';')[0];
        await _browser.SignOutAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie);
        using var thief = fixture.Console.Browser();

        var response = await thief.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Header("Set-Cookie").ShouldStartWith($"{OperatorCookie.Name}=;");
    }

    [Fact]
    public async Task Link_to_the_sign_out_ends_no_session()
    {
        await _browser.SignInAsync();

        (await _browser.OpenAsync("/signout")).StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed);
        (await _browser.OpenAsync("/signed-out?reason=expired")).Header("Set-Cookie").ShouldNotContain(OperatorCookie.Name);

        (await _browser.OpenAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cookie_is_dropped_once_the_admin_api_says_that_the_session_is_over()
    {
        await using var admin = await AdminApi.StartAsync();
        await using var console = await ConsoleHost.StartAsync(admin.Address);
        using var browser = console.Browser();
        await browser.SignInAsync();
        console.Services.GetRequiredService<EndedSessions>().Add(admin.Sessions.Alive.Keys.Single());

        var response = await browser.OpenAsync("/");

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Header("Set-Cookie").ShouldStartWith($"{OperatorCookie.Name}=;");
    }
}
