using Orchestration.Metrics.Querying;

namespace Orchestration.Metrics.Tests.Querying;

public sealed class PageTokenTests
{
    private static readonly Guid Last = Guid.CreateVersion7();

    [Fact]
    public void Token_leads_back_to_its_place() => PageToken.Read(PageToken.For(Last, "acme"), "acme").ShouldBe(Last);

    [Fact]
    public void Token_of_another_tenants_list_is_refused() => PageToken.Read(PageToken.For(Last, "acme"), "other").ShouldBeNull();

    [Fact]
    public void Changed_token_is_refused_wherever_it_was_changed()
    {
        var token = PageToken.For(Last, "acme");
        for (var index = 0; index < token.Length; index++)
        {
            var changed = token[..index] + (token[index] == 'A' ? 'B' : 'A') + token[(index + 1)..];
            PageToken.Read(changed, "acme").ShouldBeNull(changed);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("019aaaaa-0000-7000-8000-000000000000")]
    public void Anything_else_is_refused(string token) => PageToken.Read(token, "acme").ShouldBeNull();
}
