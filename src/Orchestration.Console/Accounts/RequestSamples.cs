namespace Orchestration.Console.Accounts;

/// <summary>A first request in several languages, as it can be pasted.</summary>
internal static class RequestSamples
{
    /// <param name="address">The gateway's public address, without a slash at its end.</param>
    /// <param name="key">Secret of a key.</param>
    /// <param name="model">Model or route.</param>
    public static IReadOnlyList<(string Name, string Code)> All(string address, string key, string model) =>
        [("curl", Curl(address, key, model)), ("Python", Python(address, key, model)), ("JavaScript", JavaScript(address, key, model)), ("Java", Java(address, key, model)), ("C#", CSharp(address, key, model))];

    private static string Curl(string address, string key, string model) => $$"""
        curl {{address}}/v1/chat/completions \
          -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" \
          -d '{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}'
        """;

    private static string Python(string address, string key, string model) => $$"""
        from openai import OpenAI

        client = OpenAI(base_url="{{address}}/v1", api_key="{{key}}")
        answer = client.chat.completions.create(
            model="{{model}}", messages=[{"role": "user", "content": "Hello"}])
        print(answer.choices[0].message.content)
        """;

    private static string JavaScript(string address, string key, string model) => $$"""
        import OpenAI from "openai";

        const client = new OpenAI({ baseURL: "{{address}}/v1", apiKey: "{{key}}" });
        const answer = await client.chat.completions.create({
          model: "{{model}}", messages: [{ role: "user", content: "Hello" }] });
        console.log(answer.choices[0].message.content);
        """;

    private static string Java(string address, string key, string model) => $$"""
        OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl("{{address}}/v1").apiKey("{{key}}").build();
        ChatCompletion answer = client.chat().completions().create(
            ChatCompletionCreateParams.builder().model("{{model}}").addUserMessage("Hello").build());
        System.out.println(answer.choices().get(0).message().content().orElse(""));
        """;

    private static string CSharp(string address, string key, string model) => $$"""
        var client = new ChatClient("{{model}}", new ApiKeyCredential("{{key}}"),
            new OpenAIClientOptions { Endpoint = new Uri("{{address}}/v1") });
        var answer = await client.CompleteChatAsync("Hello");
        Console.WriteLine(answer.Value.Content[0].Text);
        """;
}
