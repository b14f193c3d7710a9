using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class ModelNamesTests
{
    [Theory]
    [InlineData("gpt-4o", "gpt-4o")]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("GPT-4o", "openai/gpt-4o-2024-08-06")]
    [InlineData("qwen-max-latest", "qwen-max-2025-01-25")]
    [InlineData("gemini-1.5-flash-002", "gemini-1.5-flash")]
    [InlineData("claude-sonnet-4-5-20250929", "claude-sonnet-4-5")]
    [InlineData("claude-sonnet-4-5@20250929", "claude-sonnet-4-5")]
    [InlineData("llama3:latest", "llama3")]
    [InlineData("deepseek/deepseek-chat:free", "deepseek-chat")]
    [InlineData("kimi-k2-0711-preview", "kimi-k2")]
    public void Path_and_version_make_no_other_model(string left, string right)
    {
        ModelNames.AreSame(left, right).ShouldBeTrue();
        ModelNames.AreSame(right, left).ShouldBeTrue();
    }

    [Theory]
    [InlineData("gpt-4o-mini", "gpt-4o")]
    [InlineData("gpt-4o-mini-2024-07-18", "gpt-4o")]
    [InlineData("gpt-4o-2024-05-13", "gpt-4o-2024-08-06")]
    [InlineData("claude-sonnet-4-5", "claude-sonnet-4")]
    [InlineData("moonshot-v1-8k", "moonshot-v1-32k")]
    [InlineData("kimi-k2-turbo-preview", "kimi-k2-0711-preview")]
    [InlineData("llama3:8b", "llama3:70b")]
    [InlineData("gpt-4.1", "gpt-4")]
    [InlineData("-2024", "gpt-4")]
    public void Other_word_digit_or_version_makes_another_model(string left, string right)
    {
        ModelNames.AreSame(left, right).ShouldBeFalse();
        ModelNames.AreSame(right, left).ShouldBeFalse();
    }
}
