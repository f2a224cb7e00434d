using System.Text.Json.Nodes;
using Chaos.Load.Scripts;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class ScriptMatcherTests
{
    [Theory]
    [InlineData("{}", """{"id":1}""", true)]
    [InlineData("{}", "{}", true)]
    [InlineData("{}", "[]", false)]
    [InlineData("{}", "null", false)]
    [InlineData("""{"id":1}""", """{"id":1,"connect":{}}""", true)]
    [InlineData("""{"id":1}""", """{"id":2}""", false)]
    [InlineData("""{"id":1}""", """{"id":"1"}""", false)]
    [InlineData("""{"id":1}""", """{"id":1.0}""", true)]
    [InlineData("""{"id":1}""", "{}", false)]
    [InlineData("""{"id":1,"error":{"code":109}}""", """{"id":1,"error":{"code":109,"message":"token expired"}}""", true)]
    [InlineData("""{"id":1,"error":{"code":109}}""", """{"id":1,"error":{"message":"token expired"}}""", false)]
    [InlineData("""{"connect":{}}""", """{"id":1,"connect":{"ttl":60}}""", true)]
    [InlineData("""{"a":[1,{}]}""", """{"a":[1,{"b":2}]}""", true)]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""", false)]
    [InlineData("""{"a":true}""", """{"a":true}""", true)]
    [InlineData("""{"a":true}""", """{"a":false}""", false)]
    [InlineData("""{"a":null}""", """{"a":null}""", true)]
    [InlineData("""{"a":null}""", """{"a":1}""", false)]
    public void Every_member_given_must_be_equal(string expected, string actual, bool matches) =>
        Assert.Equal(matches, ScriptMatcher.Matches(JsonNode.Parse(expected), JsonNode.Parse(actual)));

    [Fact]
    public void Numbers_made_in_code_equal_numbers_that_came() =>
        Assert.True(ScriptMatcher.Matches(new JsonObject { ["id"] = 1, ["rate"] = 0.5 }, JsonNode.Parse("""{"id":1,"rate":0.50}""")));
}
