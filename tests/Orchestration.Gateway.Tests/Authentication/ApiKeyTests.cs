using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

public sealed class ApiKeyTests
{
    [Fact]
    public void Key_made_by_the_written_rule_is_read_into_its_parts()
    {
        var text = TestKeys.Create();

        var key = ApiKey.TryParse(text).ShouldNotBeNull();

        key.PublicId.ShouldBe(text.Split('_')[2]);
        key.Secret.ShouldBe(text.Split('_')[3]);
    }

    [Fact]
    public void Key_does_not_show_its_secret_as_text()
    {
        var key = ApiKey.TryParse(TestKeys.Create()).ShouldNotBeNull();

        key.ToString().ShouldNotContain(key.Secret);
    }

    [Fact]
    public void Every_single_changed_character_is_noticed()
    {
        var text = TestKeys.Create();
        for (var i = 0; i < text.Length; i++)
        {
            var changed = string.Concat(text.AsSpan(0, i), text[i] == 'a' ? "b" : "a", text.AsSpan(i + 1));
            ApiKey.TryParse(changed).ShouldBeNull($"position {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-orc_")]
    [InlineData("sk-orc_dev")]
    [InlineData("' OR 1=1 --")]
    [InlineData("sk-proj-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("sk-orc_dév_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_AAAAAA")]
    [InlineData("sk-orc_dev_AAAAAAAAAAA\0_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_AAAAAA")]
    public void Junk_is_no_key(string text) => ApiKey.TryParse(text).ShouldBeNull();

    [Fact]
    public void Megabyte_of_junk_is_no_key() => ApiKey.TryParse(ApiKey.Prefix + new string('A', 1024 * 1024)).ShouldBeNull();
}
