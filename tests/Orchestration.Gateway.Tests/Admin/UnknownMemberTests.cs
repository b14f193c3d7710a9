using System.Net;
using System.Text;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class UnknownMemberTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/admin/v1/explain", """{"model":"auto","txt":"Hi"}""", "'txt'")]
    [InlineData("POST", "/admin/v1/explain", """{"Model":"auto"}""", "'Model'")]
    [InlineData("POST", "/admin/v1/explain?model=auto", """{"text":"Hi"}""", "'model'")]
    [InlineData("PATCH", "/admin/v1/credentials/k1", """{"state":"CREDENTIAL_STATE_DISABLED","lable":"x"}""", "'lable'")]
    [InlineData("POST", "/admin/v1/credentials/k1:rotate", """{"secret":"sk-1","grace":1}""", "'grace'")]
    [InlineData("POST", "/admin/v1/sessions", """{"token":"x","for":"ever"}""", "'for'")]
    [InlineData("POST", "/admin/v1/adjustments", """{"amonut":"1"}""", "'amonut'")]
    [InlineData("GET", "/admin/v1/requests?tenant=a", "", "'tenant'")]
    [InlineData("GET", "/admin/v1/requests?page_size=7&pagetoken=a", "", "'pagetoken'")]
    public async Task Member_that_nobody_would_read_is_refused_by_its_name(string method, string path, string body, string named)
    {
        using var response = await SendAsync(method, path, body, Encoding.UTF8);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = await response.JsonAsync();
        error.GetProperty("code").GetInt32().ShouldBe(3);
        error.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(named);
    }

    [Fact]
    public async Task Other_encoding_is_looked_into_as_well()
    {
        using var response = await SendAsync("POST", "/admin/v1/explain", """{"model":"auto","txt":"Hi"}""", Encoding.Unicode);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("'txt'");
    }

    [Theory]
    [InlineData("GET", "/admin/v1/requests?tenantId=a&page_size=7", "")]
    [InlineData("POST", "/admin/v1/explain", """{"model":"auto","text":"Hi"}""")]
    public async Task Fields_pass_by_either_of_their_names(string method, string path, string body)
    {
        using var response = await SendAsync(method, path, body, Encoding.UTF8);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string body, Encoding encoding)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body.Length > 0)
            request.Content = new StringContent(body, encoding, "application/json");
        return await fixture.Gateway.Admin.SendAsync(request, Cancellation);
    }
}
