using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Collections;

public sealed class DocumentTests(GatewayFixture fixture)
{
    private const string Documents = "/v1/collections/handbook/documents";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_of_a_form_goes_to_indexing_as_a_whole()
    {
        using var file = new ByteArrayContent(new byte[700_000]);
        file.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain; charset=gb18030");
        using var form = new MultipartFormDataContent { { new StringContent("returns"), "id" }, { file, "file", "退货.txt" }, { new StringContent("high"), "priority" }, { new StringContent("Returns"), "title" } };
        using var response = await fixture.Gateway.Client.PostAsync(Documents, form, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var json = await response.JsonAsync();
        json.GetProperty("id").GetString().ShouldBe("returns");
        json.GetProperty("title").GetString().ShouldBe("development/Returns/退货.txt/text/plain; charset=gb18030");
        json.GetProperty("size").GetInt64().ShouldBe(700_000);
        json.GetProperty("priority").GetString().ShouldBe("high");
    }

    [Fact]
    public async Task File_may_be_the_body()
    {
        using var body = new ByteArrayContent("%PDF-1.7"u8.ToArray());
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("application/pdf");
        using var response = await fixture.Gateway.Client.PostAsync(Documents + "?id=a%2Fb&title=T&file_name=b.pdf", body, Cancellation);

        var json = await response.JsonAsync();
        (json.GetProperty("id").GetString(), json.GetProperty("title").GetString()).ShouldBe(("a/b", "development/T/b.pdf/application/pdf"));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "no form at all")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\na\r\n--x--\r\n")]
    [InlineData("multipart/form-data", "--x--")]
    public async Task Form_without_a_file_is_400(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await fixture.Gateway.Client.PostAsync(Documents, content, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_form");
    }

    [Fact]
    public async Task Unknown_priority_is_400()
    {
        using var response = await fixture.Gateway.Client.PostAsJsonAsync(Documents, new { id = "a", text = "Text", priority = "urgent" }, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Documents_are_listed_by_page_and_state()
    {
        using var response = await fixture.Gateway.Client.GetAsync(Documents + "?after=m&state=failed&limit=1", Cancellation);

        var json = await response.JsonAsync();
        json.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe("after m");
        json.GetProperty("data")[0].GetProperty("state").GetString().ShouldBe("failed");
        json.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        using var bad = await fixture.Gateway.Client.GetAsync(Documents + "?state=lost", Cancellation);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Document_is_cancelled_tried_again_and_deleted()
    {
        using var cancelled = await fixture.Gateway.Client.PostAsync(Documents + "/a%2Fb/cancel", null, Cancellation);
        using var tried = await fixture.Gateway.Client.PostAsync(Documents + "/a%2Fb/retry", null, Cancellation);
        using var deleted = await fixture.Gateway.Client.DeleteAsync(Documents + "/a%2Fb", Cancellation);

        cancelled.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await cancelled.ErrorCodeAsync()).ShouldBe("not_cancellable");
        (await tried.JsonAsync()).GetProperty("id").GetString().ShouldBe("a/b");
        (await deleted.JsonAsync()).GetProperty("chunks").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Collection_is_made_listed_and_deleted()
    {
        using var made = await fixture.Gateway.Client.PutAsJsonAsync("/v1/collections/handbook", new { chunk_tokens = 100, trust_tier = "external" }, Cancellation);
        using var listed = await fixture.Gateway.Client.GetAsync("/v1/collections", Cancellation);
        using var deleted = await fixture.Gateway.Client.DeleteAsync("/v1/collections/handbook", Cancellation);

        (await made.JsonAsync()).GetProperty("trust_tier").GetString().ShouldBe("external");
        (await listed.JsonAsync()).GetProperty("data").GetArrayLength().ShouldBe(2);
        (await deleted.JsonAsync()).GetProperty("remaining").GetInt32().ShouldBe(0);
    }
}
