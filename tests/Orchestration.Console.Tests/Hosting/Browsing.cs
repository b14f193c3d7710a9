using System.Net;

namespace Orchestration.Console.Tests.Hosting;

/// <summary>What an operator does.</summary>
internal static class Browsing
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<HttpResponseMessage> OpenAsync(this HttpClient browser, string address) => browser.GetAsync(address, Cancellation);

    public static Task<HttpResponseMessage> SignInAsync(this HttpClient browser, string token = AdminApi.SignInToken) =>
        browser.OpenAsync($"/signin?token={Uri.EscapeDataString(token)}");

    public static Task<HttpResponseMessage> SignOutAsync(this HttpClient browser, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/signout");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return browser.SendAsync(request, Cancellation);
    }

    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    public static void ShouldRedirectTo(this HttpResponseMessage response, string address)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        var location = response.Headers.Location.ShouldNotBeNull();
        (location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString).ShouldBe(address);
    }
}
