using System.Net;
using Orchestration.Console.Tests.Hosting;

namespace Orchestration.Console.Tests.Viewing;

public sealed class PreferencesTests(ConsoleFixture fixture)
{
    [Theory]
    [InlineData("/requests?state=failed", "/requests?state=failed")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("", "/")]
    public async Task Choice_is_kept_and_leads_back_into_the_console_only(string back, string expected)
    {
        using var response = await AskAsync($"/preferences?language=zh-Hans&theme=dark&back={Uri.EscapeDataString(back)}");

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.Location!.OriginalString.ShouldBe(expected);
        var cookies = response.Headers.GetValues("Set-Cookie").ToList();
        cookies.ShouldContain(cookie => cookie.Contains("zh-Hans", StringComparison.Ordinal) && cookie.Contains("httponly", StringComparison.OrdinalIgnoreCase));
        cookies.ShouldContain(cookie => cookie.StartsWith("orchestration-theme=dark", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_offered_is_not_kept()
    {
        using var response = await AskAsync("/preferences?language=xx&theme=pink");

        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.1", "zh-Hans")]
    [InlineData("de-DE,de;q=0.9", "en")]
    [InlineData("en-GB", "en")]
    public async Task Language_is_the_browsers_where_it_is_offered(string accepted, string language)
    {
        using var browser = fixture.Console.Browser();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await browser.OpenAsync("/signed-out");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"<html lang=\"{language}\">");
    }

    private async Task<HttpResponseMessage> AskAsync(string path)
    {
        using var browser = fixture.Console.Browser();
        return await browser.OpenAsync(path);
    }
}
